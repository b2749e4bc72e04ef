'use client'

import { useStrings } from '@/text/use-strings'
import { LinkForm } from './link-form'
import { useMailStrings } from './use-mail-strings'

/** Where somebody who forgot a password sets another one. */
export function ResetScreen() {
  const { newPassword } = useStrings().account
  const strings = useMailStrings()
  return (
    <LinkForm
      route="/api/auth/reset"
      title={strings.resetTitle}
      text={strings.resetText}
      label={newPassword}
      kind="new"
      action={strings.reset}
      dead={{ text: strings.deadReset, href: '/mail/forgot', label: strings.goForgot }}
    />
  )
}
