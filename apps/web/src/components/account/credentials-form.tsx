'use client'

import type { StreamError } from '@throughline/protocol'
import { useState, type SyntheticEvent } from 'react'
import { useStrings } from '@/text/use-strings'
import { useAccount } from '../account'
import { EmailField } from './email-field'
import { PasswordField } from './password-field'
import { Alert } from '../ui/alert'
import { Button } from '../ui/button'
import { Choice } from '../ui/field'
import { useLater } from '../ui/use-later'
import { useTask } from './use-task'
import { useWays } from './use-ways'

/** What is said and offered where mail is configured. */
const loadMailParts = () => import('../mail/mail-parts')

export type CredentialsMode = 'sign-in' | 'sign-up'

export interface CredentialsFormProps {
  readonly mode: CredentialsMode
  readonly onMode: (mode: CredentialsMode) => void
  /** A guest has conversations, of which it must be said what becomes of them when it signs in elsewhere. */
  readonly guestHasSessions?: boolean
  readonly onDone?: () => void
}

/** E-mail and password, to sign in or to make an account. */
export function CredentialsForm({ mode, onMode, guestHasSessions = false, onDone }: CredentialsFormProps) {
  const strings = useStrings().account
  const { signIn, signUp } = useAccount()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [guestSessions, setGuestSessions] = useState<'move' | 'delete'>('move')
  const { busy, problem, run } = useTask()
  const ways = useWays()
  const [outcome, setOutcome] = useState<'mailed' | 'refused'>()
  const mailParts = useLater(loadMailParts, ways?.mail === true || outcome === 'mailed')
  const joining = mode === 'sign-up' && ways?.signUp !== 'closed'

  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    const request = { email, password, ...(guestHasSessions && !joining && { guestSessions }) }
    const explain = (error: StreamError) => {
      if (error.status === 400) return strings.weak(error.message)
      if (error.status !== 401) return undefined
      setOutcome('refused')
      return joining ? strings.maybeTaken : strings.notTogether
    }
    const attempt = async () => {
      if (!joining) await signIn(request)
      else if ((await signUp(request)) === 'mailed') {
        setOutcome('mailed')
        return
      }
      onDone?.()
    }
    setOutcome(undefined)
    void run(attempt, explain)
  }

  if (outcome === 'mailed' && mailParts !== undefined)
    return (
      <mailParts.MailSent
        email={email}
        about="sign-up"
        guest={guestHasSessions}
        onAgain={() => {
          setOutcome(undefined)
        }}
      />
    )

  return (
    <form
      onSubmit={submit}
      className="space-y-4"
      aria-label={joining ? strings.signUpTitle : strings.signInTitle}
    >
      <EmailField value={email} onChange={setEmail} />
      <PasswordField key={mode} kind={joining ? 'new' : 'current'} value={password} onChange={setPassword} />
      {guestHasSessions && !joining && (
        <Choice
          legend={strings.guestSessionsTitle}
          name="guest-sessions"
          value={guestSessions}
          onChoose={setGuestSessions}
          choices={[
            { value: 'move', label: strings.guestSessionsMove },
            { value: 'delete', label: strings.guestSessionsDelete },
          ]}
        />
      )}
      {problem !== undefined && (
        <Alert tone="bad" urgent>
          {problem}
        </Alert>
      )}
      <Button type="submit" variant="primary" className="w-full" disabled={busy}>
        {busy ? strings.working : joining ? strings.signUp : strings.signIn}
      </Button>
      {mailParts !== undefined && !joining && <mailParts.ForgotLink refused={outcome === 'refused'} />}
      {ways?.signUp !== 'closed' && (
        <Button
          variant="ghost"
          className="w-full"
          onClick={() => {
            onMode(joining ? 'sign-in' : 'sign-up')
          }}
        >
          {joining ? strings.haveAccount : strings.noAccount}
        </Button>
      )}
    </form>
  )
}
