'use client'

import { Waypoints } from 'lucide-react'
import { useState } from 'react'
import { strings } from '@/text/strings'
import { useAccount } from './account'
import { Alert } from './ui/alert'
import { Button } from './ui/button'

/** Where a newcomer starts. */
export function SignIn() {
  const { signInAsGuest } = useAccount()
  const [state, setState] = useState<'idle' | 'busy' | 'failed'>('idle')
  const go = () => {
    setState('busy')
    signInAsGuest().catch(() => {
      setState('failed')
    })
  }
  return (
    <main className="grid h-full place-items-center p-6">
      <div className="w-full max-w-sm">
        <Waypoints aria-hidden className="size-9 text-accent" />
        <h1 className="mt-4 text-2xl font-semibold tracking-tight">{strings.appName}</h1>
        <p className="mt-2 leading-relaxed text-pretty text-soft">{strings.tagline}</p>
        <Button variant="primary" className="mt-6 w-full" disabled={state === 'busy'} onClick={go}>
          {state === 'busy' ? strings.signingIn : strings.guestSignIn}
        </Button>
        <p className="mt-3 text-sm text-faint">{strings.guestNote}</p>
        {state === 'failed' && (
          <div className="mt-4">
            <Alert tone="bad" urgent>
              {strings.signInFailed}
            </Alert>
          </div>
        )}
      </div>
    </main>
  )
}
