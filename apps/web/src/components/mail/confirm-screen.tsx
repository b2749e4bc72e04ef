'use client'

import { LinkForm } from './link-form'
import { useMailStrings } from './use-mail-strings'

/** Where an account begins: the link that was mailed, and the password that it was asked for with. */
export function ConfirmScreen() {
  const strings = useMailStrings()
  return (
    <LinkForm
      route="/api/auth/confirm"
      title={strings.confirmTitle}
      text={strings.confirmText}
      label={strings.confirmPassword}
      kind="current"
      action={strings.confirm}
      explain={({ status }) => (status === 403 ? strings.confirmWrong : undefined)}
      dead={{ text: strings.deadConfirm, href: '/', label: strings.goSignIn }}
    />
  )
}
