'use client'

import { Waypoints } from 'lucide-react'
import { useState } from 'react'
import { useStrings } from '@/text/use-strings'
import { useAccount } from './account'
import { CredentialsForm, type CredentialsMode } from './account/credentials-form'
import { Alert } from './ui/alert'
import { Button } from './ui/button'
import { Card } from './ui/card'

/** Where a newcomer starts, and where somebody comes back. */
export function SignIn() {
  const strings = useStrings()
  const { signInAsGuest } = useAccount()
  const [mode, setMode] = useState<CredentialsMode>('sign-in')
  const [state, setState] = useState<'idle' | 'busy' | 'failed'>('idle')
  const go = () => {
    setState('busy')
    signInAsGuest().catch(() => {
      setState('failed')
    })
  }
  return (
    <main className="grid h-full place-items-center overflow-y-auto p-5">
      <div className="w-full max-w-sm py-4">
        <Waypoints aria-hidden className="size-9 text-accent" />
        <h1 className="mt-4 text-2xl font-semibold tracking-tight">{strings.appName}</h1>
        <p className="mt-2 leading-relaxed text-pretty text-soft">{strings.tagline}</p>
        <Button variant="primary" className="mt-6 w-full" disabled={state === 'busy'} onClick={go}>
          {state === 'busy' ? strings.signingIn : strings.guestSignIn}
        </Button>
        <p className="mt-2 text-sm text-faint">{strings.account.guestKeeps}</p>
        {state === 'failed' && (
          <div className="mt-4">
            <Alert tone="bad" urgent>
              {strings.signInFailed}
            </Alert>
          </div>
        )}
        <div aria-hidden className="my-5 flex items-center gap-3 text-sm text-faint">
          <span className="h-px flex-1 bg-line" />
          {strings.account.or}
          <span className="h-px flex-1 bg-line" />
        </div>
        <Card className="p-5" aria-labelledby="credentials-title">
          <h2 id="credentials-title" className="mb-4 text-lg font-semibold">
            {mode === 'sign-up' ? strings.account.signUpTitle : strings.account.signInTitle}
          </h2>
          <CredentialsForm mode={mode} onMode={setMode} />
        </Card>
      </div>
    </main>
  )
}
