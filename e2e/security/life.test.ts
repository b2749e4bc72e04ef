import { once } from 'node:events'
import { startModelServer } from '@throughline/agents/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Browser } from 'playwright-core'
import { apiUser, serverAnswer, userOfCookies } from '../harness/api.ts'
import { startApp, type RunningApp } from '../harness/app.ts'
import { ask, cookieHeader, copiedAnswer, DESKTOP, launchBrowser, signInAsGuest } from '../harness/browser.ts'
import { createProducer } from '../harness/producer.ts'
import { openSilentReader } from '../harness/raw-reader.ts'
import { A_MINUTE, FAST, SLOWLY } from '../harness/stage.ts'
import { SECRET, tokenOf } from './tokens.ts'
import { waitUntil } from './wait-until.ts'

const TOKEN_LIFE_MS = 9_000

let model: Awaited<ReturnType<typeof startModelServer>>
let app: RunningApp
let browser: Browser

beforeAll(async () => {
  model = await startModelServer({ ...SLOWLY, tokens: A_MINUTE })
  ;[app, browser] = await Promise.all([
    startApp({
      JWT_SECRET: SECRET,
      ACCESS_TTL_MS: String(TOKEN_LIFE_MS),
      OPENAI_BASE_URL: model.url,
      OPENAI_API_KEY: 'test-key',
      MODEL: 'test',
    }),
    launchBrowser(),
  ])
})

afterAll(async () => {
  await browser?.close()
  await app?.dispose()
  await model?.close()
})

test('A3 a long answer outlives its reader’s tokens: they are refreshed, and not an event is lost', async () => {
  const context = await browser.newContext({ viewport: DESKTOP })
  const asked: string[] = []
  context.on('request', (request) => asked.push(new URL(request.url()).pathname))
  const page = await signInAsGuest(context, app.url)
  const expiry = async (): Promise<number> =>
    (await context.cookies(app.url)).find(({ name }) => name === 'auth_token')?.expires ?? 0
  const firstExpiry = await expiry()
  const sessionId = await ask(page, 'How do I stream a response from a route handler?')
  const answer = page.getByTestId('answer').last()
  // Each token was renewed when two thirds of its life were over, and its stream went on with the next.
  const streams = () => asked.filter((path) => path === '/api/sse').length
  await expect.poll(streams, { timeout: 60_000 }).toBeGreaterThanOrEqual(3)
  expect(asked.filter((path) => path === '/api/auth/refresh').length).toBeGreaterThanOrEqual(2)
  expect(await expiry()).toBeGreaterThan(firstExpiry + TOKEN_LIFE_MS / 1_000)
  expect(await answer.getAttribute('data-status')).toBe('streaming')
  model.set(FAST)
  await expect.poll(() => answer.getAttribute('data-status'), { timeout: 60_000 }).toBe('complete')
  expect(asked.filter((path) => path === '/api/auth/guest')).toHaveLength(1)
  // Between two tokens, on a busy machine, there may be none for a moment.
  await expect.poll(() => cookieHeader(context, app.url)).toContain('auth_token=')
  const user = userOfCookies(app.url, await cookieHeader(context, app.url))
  const text = await serverAnswer(user, sessionId)
  expect(text.length).toBeGreaterThan(A_MINUTE)
  expect(await copiedAnswer(page)).toBe(text)
  await context.close()
})

test('A3 signing out everywhere ends a reader in the middle of its history, and what it held opens nothing', async () => {
  const backend = apiUser(app.url, await tokenOf('backend', { scope: 'publish' }))
  const ada = apiUser(app.url, await tokenOf('ada', { sid: 'laptop' }))
  const { id } = await ada.json<{ id: string }>('POST', '/api/sessions', {})
  const producer = createProducer(backend, id)
  for (let batch = 0; batch < 24; batch += 1) {
    await producer.publish(
      Array.from({ length: 20 }, () => ({ type: 'filler', data: { text: 'x'.repeat(40_000) } })),
    )
  }
  const cursor = producer.acknowledged[0]?.cursor.replace(/\d+$/, '0') ?? ''
  // What it does not read is not sent: it stays in the middle.
  const reader = await openSilentReader(ada, id, cursor)
  reader.once('readable', () => undefined)
  await once(reader, 'readable')
  const closed = once(reader, 'close')
  expect((await ada.request('POST', '/api/auth/everywhere')).status).toBe(204)
  let received = 0
  reader.on('data', (data: Buffer) => (received += data.length))
  reader.resume()
  await closed
  expect(received).toBeLessThan(24 * 20 * 40_000)
  for (const path of [`/api/run_sse/${id}`, `/api/sessions/${id}/updates`, '/api/auth/me']) {
    expect((await ada.request('GET', path)).status).toBe(401)
  }
})

test('A3 a stream warns before its token ends, and ends with it', async () => {
  const before = apiUser(app.url, await tokenOf('ada'))
  const { id } = await before.json<{ id: string }>('POST', '/api/sessions', {})
  const ada = apiUser(app.url, await tokenOf('ada', { ttlMs: 4_000 }))
  const answer = await ada.request('GET', `/api/run_sse/${id}`)
  let text = ''
  await Promise.race([
    (async () => {
      for await (const bytes of answer.body ?? []) text += new TextDecoder().decode(bytes)
    })(),
    waitUntil(() => false, 'the stream to end with its token'),
  ])
  expect(text).toContain('event: auth_expiring')
  expect((await ada.request('GET', '/api/auth/me')).status).toBe(401)
})
