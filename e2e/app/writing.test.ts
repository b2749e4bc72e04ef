import { startModelServer } from '@throughline/agents/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import { startApp, type RunningApp } from '../harness/app.ts'
import { ask, DESKTOP, launchBrowser, signInAsGuest } from '../harness/browser.ts'

let app: RunningApp
let browser: Browser
let model: Awaited<ReturnType<typeof startModelServer>>

beforeAll(async () => {
  model = await startModelServer({ tokensPerSecond: 60, tokens: 360 })
  ;[app, browser] = await Promise.all([
    startApp({ OPENAI_BASE_URL: model.url, OPENAI_API_KEY: 'test-key', MODEL: 'test' }),
    launchBrowser(),
  ])
})
afterAll(async () => {
  await browser?.close()
  await app?.dispose()
  await model?.close()
})

const guestPage = async (): Promise<Page> =>
  signInAsGuest(await browser.newContext({ viewport: DESKTOP, acceptDownloads: true }), app.url)

test('the Enter that ends a composition sends nothing, the next one does', async () => {
  const page = await guestPage()
  const prompt = page.getByLabel('Your question')
  await prompt.focus()
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Input.imeSetComposition', { text: 'くっきー', selectionStart: 4, selectionEnd: 4 })
  await page.keyboard.press('Enter')
  expect(new URL(page.url()).pathname).toBe('/')
  await devtools.send('Input.insertText', { text: 'クッキー' })
  expect(await prompt.inputValue()).toContain('クッキー')
  // Longer than one key can take to be told twice.
  await page.waitForFunction(
    (since) => performance.now() - since > 100,
    await page.evaluate(() => performance.now()),
  )
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/s\//)
  await page.context().close()
})

test('Shift+Enter breaks the line, and what was not sent survives a reload', async () => {
  const page = await guestPage()
  const prompt = page.getByLabel('Your question')
  await prompt.fill('First line')
  await page.keyboard.press('Shift+Enter')
  await page.keyboard.type('second line')
  await page.reload()
  await expect.poll(() => prompt.inputValue()).toBe('First line\nsecond line')
  await page.context().close()
})

test('a screen reader hears each step once in one polite line, and the transcript itself says nothing', async () => {
  const page = await guestPage()
  await page.evaluate(() => {
    const line = document.querySelector('[data-testid=status-line]')
    const heard: string[] = []
    Object.assign(globalThis, { heard })
    if (line === null) throw new Error('no status line')
    new MutationObserver(() => heard.push(line.textContent ?? '')).observe(line, {
      childList: true,
      characterData: true,
      subtree: true,
    })
  })
  await ask(page, 'How do I read cookies?')
  // The toast stays for a while only.
  await page.getByText('Research completed').waitFor({ timeout: 60_000 })
  await expect
    .poll(() => page.evaluate(() => (globalThis as unknown as { heard: string[] }).heard))
    .toEqual(expect.arrayContaining([expect.stringMatching(/Answer complete, \d+ sources?/)]))
  const heard = await page.evaluate(() => (globalThis as unknown as { heard: string[] }).heard)
  // What was over before the page followed is shown, and not told.
  const steps = heard.flatMap((line) => line.split('. '))
  expect(steps).toContain('Writer finished')
  expect(new Set(steps).size).toBe(steps.length)
  expect(await page.getByRole('log').getAttribute('aria-live')).toBe('off')
  expect(await page.locator('[role=status]').count()).toBe(1)
  expect(await page.locator('main [role=alert]').count()).toBe(0)
  await page.context().close()
})

test('from signing in to a file with the answer, no mouse is needed', async () => {
  const context = await browser.newContext({ viewport: DESKTOP, acceptDownloads: true })
  const page = await context.newPage()
  await page.goto(app.url)
  await page.getByRole('button', { name: 'Continue as guest' }).waitFor()
  await tabTo(page, 'Continue as guest')
  await page.keyboard.press('Enter')
  await page.getByLabel('Your question').waitFor()
  await expect.poll(() => focused(page)).toBe('Your question')
  await page.keyboard.type('How do I read cookies?')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/s\//)
  const answer = page.getByTestId('answer').last()
  await expect.poll(() => answer.getAttribute('data-status'), { timeout: 60_000 }).toBe('complete')
  // The first citation, its passage, and back.
  await tabTo(page, /^Source 1: /, 'Shift+Tab')
  await page.keyboard.press('Enter')
  await page.getByTestId('passage').locator('mark').waitFor()
  await page.keyboard.press('Escape')
  await expect.poll(() => focused(page)).toMatch(/^Source 1: /)
  await tabTo(page, 'Export', 'Shift+Tab')
  await page.keyboard.press('Enter')
  await page.getByRole('menuitem', { name: 'As Markdown' }).waitFor()
  const download = page.waitForEvent('download')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Enter')
  expect((await download).suggestedFilename()).toBe('How-do-I-read-cookies.md')
  await expect.poll(() => focused(page)).toBe('Export')
  await context.close()
})

test('what is asked while the team works waits its turn, and says so', async () => {
  const page = await guestPage()
  await ask(page, 'How do I read cookies?')
  await page.getByTestId('answer').first().waitFor()
  await page.getByLabel('Your question').fill('And how do I set them?')
  await page.keyboard.press('Enter')
  await page.getByText('Waits for the answer before it.').waitFor()
  await expect
    .poll(() => page.locator('[data-testid=answer][data-status=complete]').count(), { timeout: 60_000 })
    .toBe(2)
  await page.context().close()
})

test('a reader who scrolled up stays there, and one click leads back to the end', async () => {
  const page = await guestPage()
  await ask(page, 'How do I read cookies?')
  const answer = page.getByTestId('answer').last()
  const log = page.getByRole('log').locator('..')
  await expect
    .poll(() => log.evaluate(({ scrollHeight, clientHeight }) => scrollHeight - clientHeight))
    .toBeGreaterThan(150)
  await log.hover()
  await page.mouse.wheel(0, -2_000)
  await page.getByRole('button', { name: 'Jump to latest' }).waitFor()
  const top = await log.evaluate((element) => element.scrollTop)
  await expect.poll(() => answer.getAttribute('data-status'), { timeout: 60_000 }).toBe('complete')
  expect(await log.evaluate((element) => element.scrollTop)).toBe(top)
  await page.getByRole('button', { name: 'Jump to latest' }).click()
  await expect
    .poll(() =>
      log.evaluate(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight),
    )
    .toBeLessThan(48)
  await page.context().close()
})

/** The name of what has the focus. */
async function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement
    const labels = element instanceof HTMLTextAreaElement ? element.labels : []
    return element?.getAttribute('aria-label') ?? labels[0]?.textContent ?? element?.textContent ?? ''
  })
}

/** Presses a key until the focus is where it is wanted; a keyboard that never gets there fails. */
async function tabTo(page: Page, name: string | RegExp, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  const seen: string[] = []
  for (let presses = 0; presses < 120; presses++) {
    const now = await focused(page)
    if (typeof name === 'string' ? now.trim() === name : name.test(now)) return
    seen.push(now.slice(0, 40))
    await page.keyboard.press(key)
  }
  throw new Error(`${String(name)} is not reached by ${key}; seen: ${[...new Set(seen)].join(' | ')}`)
}
