'use client'

import { useState, type SyntheticEvent } from 'react'
import { useApi } from '@/api/request'
import { useMailStrings } from '@/text/mail-strings'
import { useStrings } from '@/text/use-strings'
import { EmailField } from '../account/email-field'
import { useTask } from '../account/use-task'
import { Alert } from '../ui/alert'
import { Button } from '../ui/button'
import { LinkPage, WayOn } from './link-page'
import { MailSent } from './mail-parts'
import { useLinkSecret } from './use-link-secret'

/** Where somebody asks for a link to set a new password with. */
export function ForgotScreen() {
  const { account, locale } = useStrings()
  const strings = useMailStrings()
  const api = useApi()
  // What is typed into what the server wrote would be lost.
  const ready = useLinkSecret() !== undefined
  const [email, setEmail] = useState('')
  const [sent, setSent] = useState(false)
  const { busy, problem, run } = useTask()
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    const json = { email, language: locale }
    void run(() => api('/api/auth/forgot', { method: 'POST', json, renew: false })).then(setSent)
  }
  if (!ready) return <LinkPage title={strings.forgotTitle}>{null}</LinkPage>
  return (
    <LinkPage title={strings.forgotTitle}>
      {sent ? (
        <div className="mt-4">
          <MailSent
            email={email}
            about="reset"
            onAgain={() => {
              setSent(false)
            }}
          />
        </div>
      ) : (
        <form onSubmit={submit} className="mt-1.5 space-y-4">
          <p className="text-sm leading-relaxed text-pretty text-soft">{strings.forgotText}</p>
          <EmailField value={email} onChange={setEmail} />
          {problem !== undefined && (
            <Alert tone="bad" urgent>
              {problem}
            </Alert>
          )}
          <Button type="submit" variant="primary" className="w-full" disabled={busy}>
            {busy ? account.working : strings.forgot}
          </Button>
        </form>
      )}
      <WayOn href="/">{strings.goSignIn}</WayOn>
    </LinkPage>
  )
}
