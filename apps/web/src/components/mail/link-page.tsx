'use client'

import { Waypoints } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { useStrings } from '@/text/use-strings'
import { Card } from '../ui/card'

export interface LinkPageProps {
  readonly title: string
  readonly children: ReactNode
}

/** A page that a mail leads to: one matter, whoever is signed in here. */
export function LinkPage({ title, children }: LinkPageProps) {
  const { appName } = useStrings()
  return (
    <main className="grid h-full place-items-center overflow-y-auto p-5">
      <div className="w-full max-w-sm py-4">
        <Link href="/" className="inline-flex items-center gap-2.5 rounded font-semibold">
          <Waypoints aria-hidden className="size-7 text-accent" />
          {appName}
        </Link>
        <Card className="mt-5 p-5" aria-labelledby="link-title">
          <h1 id="link-title" className="text-lg font-semibold">
            {title}
          </h1>
          {children}
        </Card>
      </div>
    </main>
  )
}

export interface WayOnProps {
  readonly href: string
  readonly children: ReactNode
}

/** Where somebody goes from here. */
export function WayOn({ href, children }: WayOnProps) {
  return (
    <Link
      href={href}
      className="mt-4 flex h-9 items-center justify-center rounded-lg border border-line bg-raised px-3.5 text-sm font-medium hover:bg-surface"
    >
      {children}
    </Link>
  )
}
