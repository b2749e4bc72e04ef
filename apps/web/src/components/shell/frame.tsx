'use client'

import { usePathname } from 'next/navigation'
import type { ReactNode } from 'react'
import { useStrings } from '@/text/use-strings'
import { useAccount } from '../account'
import { Announcer } from '../announcer'
import { SessionList } from '../session-list'
import { BackgroundRuns } from '../sessions/background-runs'
import { SignIn } from '../sign-in'
import { useAppearanceOfAccount } from '../settings/use-appearance'
import { useFetchAhead } from './fetch-ahead'
import { Keyboard } from './keyboard'

/** Everything around a screen: who is signed in, and the list of conversations. */
export function Frame({ children }: { children: ReactNode }) {
  const strings = useStrings()
  const { user } = useAccount()
  const path = usePathname()
  // Whoever came by a link needs no account.
  if (/^\/(shared|mail)\//.test(path)) return children
  if (user === undefined) return <main className="h-full" aria-busy aria-label={strings.loading} />
  // A capture is read in the browser alone.
  if (user === null && path === '/inspect')
    return (
      <div className="flex h-full flex-col">
        {children}
        <Announcer />
      </div>
    )
  if (user === null) return <SignIn />
  return (
    <div className="flex h-full">
      <SignedIn />
      <a
        href="#content"
        className="sr-only rounded-lg bg-raised px-3 py-2 shadow-lg focus:not-sr-only focus:fixed focus:start-3 focus:top-3 focus:z-50"
      >
        {strings.skipToContent}
      </a>
      <aside className="hidden w-70 shrink-0 border-e border-line bg-surface md:flex">
        <SessionList />
      </aside>
      <div id="content" tabIndex={-1} className="flex h-full min-w-0 flex-1 flex-col outline-none">
        {children}
      </div>
      <Announcer />
      <BackgroundRuns />
      <Keyboard />
    </div>
  )
}

/** What goes on without being seen while somebody is signed in. */
function SignedIn(): null {
  useAppearanceOfAccount()
  useFetchAhead()
  return null
}
