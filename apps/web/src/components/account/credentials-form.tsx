'use client'

import type { StreamError } from '@throughline/protocol'
import { useState, type SyntheticEvent } from 'react'
import { useStrings } from '@/text/use-strings'
import { useAccount } from '../account'
import { PasswordField } from './password-field'
import { Alert } from '../ui/alert'
import { Button } from '../ui/button'
import { Choice, Field } from '../ui/field'
import { useTask } from './use-task'

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
  const joining = mode === 'sign-up'

  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    const request = { email, password, ...(guestHasSessions && !joining && { guestSessions }) }
    const explain = (error: StreamError) =>
      error.status === 401 ? (joining ? strings.maybeTaken : strings.notTogether) : undefined
    void run(() => (joining ? signUp(request) : signIn(request)), explain).then((done) => {
      if (done) onDone?.()
    })
  }

  return (
    <form
      onSubmit={submit}
      className="space-y-4"
      aria-label={joining ? strings.signUpTitle : strings.signInTitle}
    >
      <Field
        label={strings.email}
        type="email"
        name="email"
        required
        maxLength={254}
        dir="ltr"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        value={email}
        onChange={(event) => {
          setEmail(event.target.value)
        }}
      />
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
      <Button
        variant="ghost"
        className="w-full"
        onClick={() => {
          onMode(joining ? 'sign-in' : 'sign-up')
        }}
      >
        {joining ? strings.haveAccount : strings.noAccount}
      </Button>
    </form>
  )
}
