import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
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
import { publisherToken } from './harness/token.ts'

let app: RunningApp
let browser: Browser

beforeAll(async () => {
  ;[app, browser] = await Promise.all([startApp({ AGENTS: 'off', RUN_LEASE_MS: '3000' }), launchBrowser()])
})

afterAll(async () => {
  await browser?.close()
  await app?.dispose()
})

test('L9 a worker that speaks only HTTP claims, streams and is killed: the browser shows the answer as interrupted', async () => {
  const token = await publisherToken(app.dataDir)
  const worker = spawn(
    process.execPath,
    [join(import.meta.dirname, 'harness', 'outside-worker.mjs'), app.url, token],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  try {
    const context = await browser.newContext({ viewport: DESKTOP })
    const page = await signInAsGuest(context, app.url)
    const sessionId = await ask(page, 'Say some words')
    await once(worker.stdout, 'data')
    const answer = page.getByTestId('answer').last()
    await expect.poll(() => answer.innerText()).toContain('word 10')
    worker.kill('SIGKILL')

    await expect.poll(() => answer.getAttribute('data-status')).toBe('interrupted')
    await page.getByRole('button', { name: 'Continue', exact: true }).waitFor()
    const user = userOfCookies(app.url, await cookieHeader(context, app.url))
    expect(await copiedAnswer(page)).toBe(await serverAnswer(user, sessionId))
    await screenshot(page, 'outside-worker-killed')
    await context.close()
  } finally {
    worker.kill('SIGKILL')
  }
})
