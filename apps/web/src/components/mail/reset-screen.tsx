'use client'

import { useMailStrings } from '@/text/mail-strings'
import { useStrings } from '@/text/use-strings'
import { LinkForm } from './link-form'

/** Where somebody who forgot a password sets another one. */
export function ResetScreen() {
  const { newPassword, weak } = useStrings().account
  const strings = useMailStrings()
  return (
    <LinkForm
      route="/api/auth/reset"
      title={strings.resetTitle}
      text={strings.resetText}
      label={newPassword}
      kind="new"
      action={strings.reset}
      explain={(error) => (error.status === 400 ? weak(error.message) : undefined)}
      dead={{ text: strings.deadReset, href: '/mail/forgot', label: strings.goForgot }}
    />
  )
}
