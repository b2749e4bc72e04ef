'use client'

import { useMailStrings } from '@/text/mail-strings'
import { LinkForm } from './link-form'

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
