import { GeistMono } from 'geist/font/mono'
import { GeistSans } from 'geist/font/sans'
import type { Metadata, Viewport } from 'next'
import { headers } from 'next/headers'
import type { ReactNode } from 'react'
import { AppShell } from '@/components/app-shell'
import { appearanceScript } from '@/components/theme'
import './globals.css'

export const metadata: Metadata = {
  title: 'Throughline',
  description:
    'Ask, watch a team of agents research it, and read an answer whose every claim opens its source.',
}

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  interactiveWidget: 'resizes-content',
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#fbfaf8' },
    { media: '(prefers-color-scheme: dark)', color: '#15171c' },
  ],
}

export default async function RootLayout({ children }: { children: ReactNode }) {
  // Reading a header makes every page dynamic, which the per-request nonce of the CSP needs.
  const nonce = (await headers()).get('x-nonce') ?? undefined
  return (
    <html
      lang="en"
      dir="ltr"
      suppressHydrationWarning
      className={`${GeistSans.variable} ${GeistMono.variable}`}
    >
      <head>
        <script
          nonce={nonce}
          suppressHydrationWarning
          dangerouslySetInnerHTML={{ __html: appearanceScript }}
        />
      </head>
      <body className="font-sans">
        <AppShell nonce={nonce}>{children}</AppShell>
      </body>
    </html>
  )
}
