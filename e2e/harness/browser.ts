import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'

const ARTIFACTS = join(import.meta.dirname, '..', '..', 'artifacts', 'screenshots')

export const DESKTOP = { width: 1440, height: 900 }
export const PHONE = { width: 390, height: 844 }

/** The system's Chromium, headless, with nothing that asks the network. */
export const BROWSER_OPTIONS = {
  executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
}

/** `switches`: more of Chromium's. */
export function launchBrowser(switches: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ ...BROWSER_OPTIONS, args: [...BROWSER_OPTIONS.args, ...switches] })
}

/** Keeps a picture of the page as a test artefact. */
export async function screenshot(page: Page, name: string): Promise<void> {
  await mkdir(ARTIFACTS, { recursive: true })
  await page.screenshot({ path: join(ARTIFACTS, `${name}.png`) })
}

/** Opens the app as a new guest and waits for the prompt. */
export async function signInAsGuest(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto(url)
  await page.getByRole('button', { name: 'Continue as guest' }).click()
  await page.getByLabel('Your question').waitFor()
  return page
}

/** Asks, and waits until the conversation has its own address. */
export async function ask(page: Page, question: string): Promise<string> {
  await page.getByLabel('Your question').fill(question)
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/s\/[\w-]+$/)
  return new URL(page.url()).pathname.slice('/s/'.length)
}

/** The last answer's text as a person copies it: its Markdown, character for character. */
export async function copiedAnswer(page: Page): Promise<string> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.evaluate(() => navigator.clipboard.writeText(''))
  await page.getByTestId('answer').last().getByRole('button', { name: 'Copy', exact: true }).last().click()
  // Once it is there: the button does not wait for the system, either.
  const copied = await page.waitForFunction(() => navigator.clipboard.readText())
  return copied.jsonValue()
}

/** The cookies of a context as a header, for requests beside the page. */
export async function cookieHeader(context: BrowserContext, url: string): Promise<string> {
  const cookies = await context.cookies(url)
  return cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
}

/** Characters of the last answer that are on the screen; 0 before there is one. */
export async function writtenSoFar(page: Page): Promise<number> {
  const prose = page.getByTestId('answer').last().locator('.prose-answer')
  return (await prose.count()) === 0 ? 0 : (await prose.innerText()).length
}

/** Waits until the last answer is complete. */
export async function answered(page: Page): Promise<void> {
  const complete = page.locator('[data-status=complete]')
  await page.getByTestId('answer').last().and(complete).waitFor({ timeout: 60_000 })
}
