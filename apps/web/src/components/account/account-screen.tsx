'use client'

import { useQuery } from '@tanstack/react-query'
import { useSessions } from '@throughline/react/query'
import { useRouter } from 'next/navigation'
import type { StreamError } from '@throughline/protocol'
import { useState, type SyntheticEvent } from 'react'
import { useStrings } from '@/text/use-strings'
import { useApi } from '@/api/request'
import { useAccount } from '../account'
import { CredentialsForm, type CredentialsMode } from './credentials-form'
import { DeleteAccount } from './delete-account'
import { PasswordField } from './password-field'
import { Section, SectionScreen } from '../ui/section'
import { Alert } from '../ui/alert'
import { Button } from '../ui/button'
import { useTask } from './use-task'

interface AccountDetails {
  readonly email: string
}

/** Who somebody is here, and what they can do about it. */
export function AccountScreen() {
  const strings = useStrings().account
  const { user } = useAccount()
  if (user === null || user === undefined) return null
  return (
    <SectionScreen title={strings.account}>
      {user.guest ? (
        <Upgrade />
      ) : (
        <>
          <Details />
          <ChangePassword />
          <Everywhere />
        </>
      )}
      <DeleteAccount guest={user.guest} />
    </SectionScreen>
  )
}

/** A guest keeps what it has: in a new account, or in one that exists. */
function Upgrade() {
  const strings = useStrings().account
  const [mode, setMode] = useState<CredentialsMode>('sign-up')
  const { sessions } = useSessions()
  const router = useRouter()
  return (
    <Section title={strings.guestAccountTitle} text={strings.guestAccountText}>
      <CredentialsForm
        mode={mode}
        onMode={setMode}
        guestHasSessions={sessions.length > 0}
        onDone={() => {
          router.push('/')
        }}
      />
    </Section>
  )
}

function Details() {
  const strings = useStrings().account
  const api = useApi()
  const { data, error } = useQuery({
    queryKey: ['account-details'],
    queryFn: async () => (await api('/api/auth/account')) as AccountDetails,
  })
  return (
    <Section title={strings.signedInAs}>
      <p className="font-mono text-sm break-all" dir="ltr">
        {data?.email ?? (error === null ? strings.loading : strings.loadFailed)}
      </p>
    </Section>
  )
}

function ChangePassword() {
  const strings = useStrings().account
  const { changePassword } = useAccount()
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [done, setDone] = useState(false)
  const { busy, problem, run } = useTask()
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    setDone(false)
    const explain = (error: StreamError) => (error.status === 400 ? strings.weak(error.message) : undefined)
    void run(() => changePassword(current, next), explain).then((changed) => {
      if (!changed) return
      setDone(true)
      setCurrent('')
      setNext('')
    })
  }
  return (
    <Section title={strings.changePassword} text={strings.changePasswordText}>
      <form onSubmit={submit} className="space-y-4">
        <PasswordField label={strings.currentPassword} kind="current" value={current} onChange={setCurrent} />
        <PasswordField label={strings.newPassword} kind="new" value={next} onChange={setNext} />
        {problem !== undefined && (
          <Alert tone="bad" urgent>
            {problem}
          </Alert>
        )}
        {done && <Alert>{strings.passwordChanged}</Alert>}
        <Button type="submit" disabled={busy}>
          {busy ? strings.working : strings.changePassword}
        </Button>
      </form>
    </Section>
  )
}

function Everywhere() {
  const strings = useStrings().account
  const { signOutEverywhere } = useAccount()
  const { busy, problem, run } = useTask()
  return (
    <Section title={strings.everywhereTitle} text={strings.everywhereText}>
      {problem !== undefined && (
        <div className="mb-3">
          <Alert tone="bad" urgent>
            {problem}
          </Alert>
        </div>
      )}
      <Button disabled={busy} onClick={() => void run(signOutEverywhere)}>
        {busy ? strings.working : strings.everywhere}
      </Button>
    </Section>
  )
}
