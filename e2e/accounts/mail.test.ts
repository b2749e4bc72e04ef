import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { openMailbox, type Mailbox, type ReceivedMail } from '../../apps/web/server/mail/testing/mailbox.ts'
import { startApp, type RunningApp } from '../harness/app.ts'
import { findBarriers } from '../harness/axe.ts'
import {
  answered,
  ask,
  DESKTOP,
  launchBrowser,
  PHONE,
  screenshot,
  signInAsGuest,
} from '../harness/browser.ts'

let mailbox: Mailbox
let app: RunningApp
let browser: Browser

beforeAll(async () => {
  mailbox = await openMailbox()
  const env = { SMTP_URL: mailbox.url, MAIL_FROM: 'Throughline <no-reply@example.com>' }
  ;[app, browser] = await Promise.all([startApp(env), launchBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await app?.dispose()
  await mailbox?.close()
})

const EMAIL = 'ada@example.com'
const PASSWORD = 'nine wooden horses'
const NEXT = 'something else entirely'

/** The link with a secret that a mail leads to. */
function linkIn({ text }: ReceivedMail): string {
  const link = /https?:\S+#\S+/.exec(text)?.[0]
  if (link === undefined) throw new Error(`There is no link in: ${text}`)
  expect(link.startsWith(`${app.url}/mail/`)).toBe(true)
  return link
}

async function look(page: Page, name: string): Promise<void> {
  await screenshot(page, `mail-${name}`)
  expect(await findBarriers(page)).toEqual([])
  expect(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)).toBe(false)
}

/** A browser of somebody's own, which notes each address that it asks servers for. */
async function openContext(asked: string[], options: object = {}): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: DESKTOP, ...options })
  context.on('request', (request) => {
    // A browser keeps what stands behind the # to itself; Playwright tells it all the same.
    asked.push(request.url().split('#', 1)[0] ?? '', request.headers()['referer'] ?? '')
  })
  return context
}

test('A7 by mail: a guest becomes an account elsewhere, forgets the password, sets another, and is out everywhere else', async () => {
  const asked: string[] = []
  const here = await openContext(asked)
  const page = await signInAsGuest(here, app.url)
  const sessionId = await ask(page, 'How do I read cookies in a server component?')
  await answered(page)
  await page.goto(`${app.url}/account`)
  await page.getByLabel('E-mail address').fill(EMAIL)
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.getByText('Look into your mailbox').waitFor()
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.textContent))
    .toBe('Look into your mailbox')
  await look(page, 'sent-light-desktop')

  // What only follows the link, as a scanner of mails does, uses nothing of it.
  const confirmLink = linkIn(await mailbox.next(EMAIL))
  expect((await fetch(confirmLink)).status).toBe(200)
  const elsewhere = await openContext(asked, { viewport: PHONE, colorScheme: 'dark' })
  const other = await elsewhere.newPage()
  await other.goto(confirmLink)
  await other.getByLabel('The password you chose').fill('not that one')
  await other.keyboard.press('Enter')
  await other.getByRole('alert').getByText('not the password this link').waitFor()
  await look(other, 'confirm-dark-phone')
  await other.getByLabel('The password you chose').fill(PASSWORD)
  await other.getByRole('button', { name: 'Confirm and sign in' }).click()
  await other.getByLabel('Your question').waitFor()
  await other.goto(`${app.url}/s/${sessionId}`)
  await answered(other)
  // Nobody is that guest any longer.
  await page.goto(app.url)
  await page.getByRole('button', { name: 'Continue as guest' }).waitFor()

  await page.getByRole('link', { name: 'Forgot your password?' }).click()
  // The page before it has a field of the same name.
  await page.getByRole('heading', { name: 'Forgot your password?' }).waitFor()
  await page.getByLabel('E-mail address').fill(EMAIL)
  await look(page, 'forgot-light-desktop')
  await page.keyboard.press('Enter')
  await page.getByText('Look into your mailbox').waitFor()
  const resetLink = linkIn(await mailbox.next(EMAIL))
  const [asGerman] = await Promise.all([
    openContext(asked, { viewport: PHONE, locale: 'de-DE' }),
    page.goto(resetLink),
  ])
  await page.getByLabel('New password', { exact: true }).fill('password12')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').getByText('on every list').waitFor()
  await look(page, 'reset-light-desktop')
  await page.getByLabel('New password', { exact: true }).fill(NEXT)
  await page.keyboard.press('Enter')
  await page.getByLabel('Your question').waitFor()
  await page.goto(`${app.url}/s/${sessionId}`)
  await answered(page)
  await other.reload()
  await other.getByRole('button', { name: 'Continue as guest' }).waitFor()

  const late = await asGerman.newPage()
  await late.goto(resetLink)
  await late.getByLabel('Neues Passwort', { exact: true }).fill(NEXT)
  await late.keyboard.press('Enter')
  await late.getByText('Dieser Link funktioniert nicht mehr').waitFor()
  await look(late, 'dead-german-light-phone')
  await late.getByRole('link', { name: 'Neuen Link anfordern' }).click()
  await late.getByRole('heading', { name: 'Passwort vergessen?' }).waitFor()

  for (const link of [confirmLink, resetLink]) {
    const secret = link.split('#')[1] ?? ''
    expect(asked.filter((address) => address.includes(secret))).toEqual([])
    expect(app.output()).not.toContain(secret)
  }
  await Promise.all([here, elsewhere, asGerman].map((context) => context.close()))
})
