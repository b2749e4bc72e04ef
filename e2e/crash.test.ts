import { startModelServer } from '@throughline/agents/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Browser } from 'playwright-core'
import { serverAnswer, serverState, userOfCookies } from './harness/api.ts'
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
  model = await startModelServer({ tokensPerSecond: 20, tokens: 100 })
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

test('B6 kill -9 in mid-answer: the page comes back by itself, nothing written is lost, the run is interrupted and continues', async () => {
  const context = await browser.newContext({ viewport: DESKTOP })
  const page = await signInAsGuest(context, app.url)
  const sessionId = await ask(page, 'How do I stream a response from a route handler?')
  const answer = page.getByTestId('answer').last()
  const prose = answer.locator('.prose-answer')
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
  const shown = (await prose.innerText()).trim()

  await app.kill()
  await page.getByTestId('connection-banner').waitFor({ timeout: 15_000 })
  await screenshot(page, 'crash-reconnecting')
  await app.restart()

  await expect.poll(() => answer.getAttribute('data-status'), { timeout: 60_000 }).toBe('interrupted')
  await expect.poll(() => page.getByTestId('connection-banner').count()).toBe(0)
  expect((await prose.innerText()).startsWith(shown)).toBe(true)
  await screenshot(page, 'crash-interrupted')
  const user = userOfCookies(app.url, await cookieHeader(context, app.url))
  const partial = await serverAnswer(user, sessionId)
  expect(await copiedAnswer(page)).toBe(partial)

  await page.getByRole('button', { name: 'Continue', exact: true }).click()
  await expect
    .poll(() => page.getByTestId('answer').last().getAttribute('data-status'), { timeout: 60_000 })
    .toBe('complete')
  const whole = await serverAnswer(user, sessionId)
  expect(whole.startsWith(partial)).toBe(true)
  expect(whole.length).toBeGreaterThan(partial.length)
  expect(await copiedAnswer(page)).toBe(whole)
  // One answer is shown; the partial one is an earlier version of it.
  expect(await page.getByTestId('answer').count()).toBe(1)
  await page.getByLabel('Version 2 of 2').waitFor()
  const { runs } = await serverState(user, sessionId)
  expect(runs.map((run) => run.status)).toEqual(['interrupted', 'completed'])
  await screenshot(page, 'crash-continued')
  await context.close()
})
