import { GeistMono } from 'geist/font/mono'
import { GeistSans } from 'geist/font/sans'
import type { Metadata, Viewport } from 'next'
import { cookies, headers } from 'next/headers'
import type { ReactNode } from 'react'
import { AppShell } from '@/components/app-shell'
import { appearanceScript } from '@/components/theme'
import { LANGUAGE_COOKIE, languageFor, type Language } from '@/text/language'
import { loadStrings } from '@/text/load-strings'
import './globals.css'

export async function generateMetadata(): Promise<Metadata> {
  const { appName, tagline } = await loadStrings(await requestedLanguage())
  return { title: appName, description: tagline }
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
  const language = await requestedLanguage()
  return (
    <html
      lang={language}
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
        <AppShell nonce={nonce} language={language}>
          {children}
        </AppShell>
      </body>
    </html>
  )
}

/** What was chosen in this browser, else what it asks for. */
async function requestedLanguage(): Promise<Language> {
  const [chosen, asked] = await Promise.all([cookies(), headers()])
  return languageFor(chosen.get(LANGUAGE_COOKIE)?.value, asked.get('accept-language'))
}
