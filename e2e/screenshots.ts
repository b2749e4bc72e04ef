import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { startModelServer } from '@throughline/agents/testing'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { startApp } from './harness/app.ts'
import { ask, launchBrowser, PHONE, signInAsGuest } from './harness/browser.ts'

const FOLDER = join(import.meta.dirname, '..', 'docs', 'images')
const SIZE = { width: 1280, height: 800 }
const QUESTION = 'How do I stream a response from a route handler?'
/** An image of the README weighs no more. */
const MAX_BYTES = 200_000

/** Makes the README's images from the app as it runs. */
async function main(): Promise<void> {
  await mkdir(FOLDER, { recursive: true })
  const browser = await launchBrowser()
  const model = await startModelServer({ tokensPerSecond: 12, tokens: 150 })
  const quoting = await startApp()
  const writing = await startApp({ OPENAI_BASE_URL: model.url, OPENAI_API_KEY: 'none', MODEL: 'example' })
  const open = async (url: string, options: BrowserContextOptions): Promise<Page> =>
    signInAsGuest(await browser.newContext({ viewport: SIZE, colorScheme: 'light', ...options }), url)

  try {
    const light = await open(quoting.url, {})
    await ask(light, QUESTION)
    await answered(light)
    await light.getByTestId('citation').first().click()
    await light.getByTestId('passage').locator('mark').waitFor()
    await toTop(light)
    await keep(light, 'answer-light')
    await light.context().close()

    const dark = await open(quoting.url, { colorScheme: 'dark' })
    await ask(dark, QUESTION)
    await answered(dark)
    await toTop(dark)
    await keep(dark, 'answer-dark')
    await dark.context().close()

    const phone = await open(quoting.url, { viewport: PHONE, deviceScaleFactor: 2 })
    await ask(phone, QUESTION)
    await answered(phone)
    await toTop(phone)
    await keep(phone, 'answer-phone')
    await phone.context().close()

    const work = await open(writing.url, {})
    await ask(work, QUESTION)
    await work.getByTestId('citation').first().waitFor()
    await work.getByRole('button', { name: 'Show the team at work' }).first().click()
    await work.getByTestId('happenings').waitFor()
    await keep(work, 'agents')
    await work.keyboard.press('Escape')
    await work.getByRole('button', { name: 'Inspect the stream' }).click()
    await work.getByTestId('entry').nth(6).click()
    await work.getByTestId('folded').waitFor()
    await keep(work, 'inspector')
    await work.keyboard.press('Escape')
    await work.context().setOffline(true)
    await work.getByTestId('connection-banner').waitFor()
    await keep(work, 'offline')
    await work.context().close()
  } finally {
    await browser.close()
    await Promise.all([quoting.dispose(), writing.dispose(), model.close()])
  }
}

async function answered(page: Page): Promise<void> {
  await page.locator('[data-testid=answer][data-status=complete]').waitFor()
  await page.locator('pre .code-keyword').first().waitFor({ state: 'attached' })
  await page.getByText('Research completed').waitFor({ state: 'detached' })
}

/** The transcript from its question on. */
async function toTop(page: Page): Promise<void> {
  await page.getByRole('log').evaluate(({ parentElement }) => parentElement?.scrollTo({ top: 0 }))
}

async function keep(page: Page, name: string): Promise<void> {
  // What fades in has arrived.
  await wait(400)
  const devtools = await page.context().newCDPSession(page)
  const { data } = await devtools.send('Page.captureScreenshot', { format: 'webp', quality: 88 })
  const image = Buffer.from(data, 'base64')
  await writeFile(join(FOLDER, `${name}.webp`), image)
  process.stdout.write(`docs/images/${name}.webp ${String(Math.round(image.length / 1000))} kB\n`)
  if (image.length > MAX_BYTES) throw new Error(`${name} is larger than ${String(MAX_BYTES)} bytes`)
}

await main()
