'use client'

import { CSPProvider } from '@base-ui/react/csp-provider'
import { DirectionProvider } from '@base-ui/react/direction-provider'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createStreamClient } from '@throughline/client'
import { StreamProvider } from '@throughline/react'
import { useEffect, useState, type ReactNode } from 'react'
import type { Language } from '@/text/language'
import { LanguageProvider } from '@/text/use-strings'
import { useDirection } from './direction'
import { forgetDrafts } from './draft'
import { lastSeen } from './last-seen'
import { Frame } from './shell/frame'
import { ToastProvider } from './ui/toast'

export interface AppShellProps {
  readonly nonce: string | undefined
  /** Of the page as the server wrote it. */
  readonly language: Language
  readonly children: ReactNode
}

/** What everything below needs: the language, the client, the cache, toasts. */
export function AppShell({ nonce, language, children }: AppShellProps) {
  const [client] = useState(() => createStreamClient())
  const [queries] = useState(
    () => new QueryClient({ defaultOptions: { queries: { refetchOnWindowFocus: false } } }),
  )
  useEffect(
    () =>
      client.auth.onSignedOut(() => {
        queries.clear()
        lastSeen.forget()
        forgetDrafts()
        // A new page, in every tab: nothing of the old login is left in memory.
        location.assign('/')
      }),
    [client, queries],
  )
  return (
    <CSPProvider {...(nonce === undefined ? {} : { nonce })}>
      <QueryClientProvider client={queries}>
        <StreamProvider client={client}>
          <DirectionProvider direction={useDirection()}>
            <LanguageProvider initial={language}>
              <ToastProvider>
                <Frame>{children}</Frame>
              </ToastProvider>
            </LanguageProvider>
          </DirectionProvider>
        </StreamProvider>
      </QueryClientProvider>
    </CSPProvider>
  )
}
