'use client'

import { CSPProvider } from '@base-ui/react/csp-provider'
import { Dialog } from '@base-ui/react/dialog'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createStreamClient } from '@throughline/client'
import { StreamProvider } from '@throughline/react'
import { PanelLeft } from 'lucide-react'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { useState, type ReactNode } from 'react'
import { strings } from '@/text/strings'
import { useAccount } from './account'
import { SessionList } from './session-list'
import { SignIn } from './sign-in'
import { Button } from './ui/button'
import { ToastProvider } from './ui/toast'

/** Everything around a screen: the client, the account, the list of conversations. */
export function AppShell({ nonce, children }: { nonce: string | undefined; children: ReactNode }) {
  const [client] = useState(() => createStreamClient())
  const [queries] = useState(
    () => new QueryClient({ defaultOptions: { queries: { refetchOnWindowFocus: false } } }),
  )
  return (
    <CSPProvider {...(nonce === undefined ? {} : { nonce })}>
      <QueryClientProvider client={queries}>
        <StreamProvider client={client}>
          <ToastProvider>
            <Frame>{children}</Frame>
          </ToastProvider>
        </StreamProvider>
      </QueryClientProvider>
    </CSPProvider>
  )
}

function Frame({ children }: { children: ReactNode }) {
  const { user } = useAccount()
  const path = usePathname()
  if (user === undefined) return <main className="h-full" aria-busy aria-label={strings.loading} />
  if (user === null) return <SignIn />
  return (
    <div className="flex h-full">
      <aside className="hidden w-72 shrink-0 border-e border-line bg-surface md:flex">
        <SessionList />
      </aside>
      <div className="flex h-full min-w-0 flex-1 flex-col">
        <header className="flex items-center gap-2 border-b border-line px-2 py-1.5 md:hidden">
          <Drawer key={path} />
          <Link href="/" className="font-semibold">
            {strings.appName}
          </Link>
        </header>
        {children}
      </div>
    </div>
  )
}

/** The list on a phone. Its key is the page's path: going somewhere closes it. */
function Drawer() {
  return (
    <Dialog.Root>
      <Dialog.Trigger render={<Button variant="ghost" icon aria-label={strings.openMenu} />}>
        <PanelLeft className="size-5 rtl:-scale-x-100" />
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-black/40 transition-opacity data-[ending-style]:opacity-0 data-[starting-style]:opacity-0" />
        <Dialog.Popup className="fixed inset-y-0 start-0 z-50 flex w-[min(19rem,85vw)] bg-surface shadow-xl transition-transform outline-none data-[ending-style]:-translate-x-full data-[starting-style]:-translate-x-full">
          <Dialog.Title className="sr-only">{strings.sessions}</Dialog.Title>
          <SessionList />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
