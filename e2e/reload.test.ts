import { startModelServer } from '@throughline/agents/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Browser } from 'playwright-core'
import { serverAnswer, userOfCookies } from './harness/api.ts'
import { startApp, type RunningApp } from './harness/app.ts'
import {
  ask,
  cookieHeader,
  copiedAnswer,
  DESKTOP,
  launchBrowser,
  screenshot,
  signInAsGuest,
} from './harness/browser.ts'

let app: RunningApp
let browser: Browser
let model: Awaited<ReturnType<typeof startModelServer>>

beforeAll(async () => {
  model = await startModelServer({ tokensPerSecond: 20, tokens: 120 })
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

test('B1 a reload in mid-answer goes on with the same text, to the last character', async () => {
  const context = await browser.newContext({ viewport: DESKTOP })
  const page = await signInAsGuest(context, app.url)
  const sessionId = await ask(page, 'How do I stream a response from a route handler?')
  const answer = page.getByTestId('answer').last()
  await expect
    .poll(
      async () =>
        (
          await answer
            .locator('.prose-answer')
            .innerText()
            .catch(() => '')
        ).length,
      { timeout: 30_000 },
    )
    .toBeGreaterThan(60)
  const before = (await answer.locator('.prose-answer').innerText()).trim()
  expect(await answer.getAttribute('data-status')).toBe('streaming')
  await screenshot(page, 'reload-before')

  await page.reload()
  await answer.waitFor()
  const after = (await answer.locator('.prose-answer').innerText()).trim()
  expect(after.startsWith(before.slice(0, 40))).toBe(true)
  await screenshot(page, 'reload-after')

  await expect.poll(() => answer.getAttribute('data-status'), { timeout: 60_000 }).toBe('complete')
  const user = userOfCookies(app.url, await cookieHeader(context, app.url))
  const written = await serverAnswer(user, sessionId)
  expect(await copiedAnswer(page)).toBe(written)
  expect(written.length).toBeGreaterThan(before.length)
  await context.close()
})

test('stop keeps what was written, and the composer is free again', async () => {
  const context = await browser.newContext({ viewport: DESKTOP })
  const page = await signInAsGuest(context, app.url)
  const sessionId = await ask(page, 'How do I read cookies in a server component?')
  const answer = page.getByTestId('answer').last()
  await expect
    .poll(
      async () =>
        (
          await answer
            .locator('.prose-answer')
            .innerText()
            .catch(() => '')
        ).length,
      { timeout: 30_000 },
    )
    .toBeGreaterThan(60)
  await page.getByRole('button', { name: 'Stop' }).click()
  await expect.poll(() => answer.getAttribute('data-status')).toBe('cancelled')
  const user = userOfCookies(app.url, await cookieHeader(context, app.url))
  expect(await copiedAnswer(page)).toBe(await serverAnswer(user, sessionId))
  await expect.poll(() => page.getByRole('button', { name: 'Stop' }).count()).toBe(0)
  await context.close()
})
