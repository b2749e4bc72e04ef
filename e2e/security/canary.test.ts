import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { apiUser } from '../harness/api.ts'
import { startApp, type RunningApp } from '../harness/app.ts'
import { launchBrowser } from '../harness/browser.ts'
import { tokenOf } from './tokens.ts'

/** Secrets that are planted where each kind belongs, and looked for everywhere else. */
const PLANTED = {
  secret: 'canary-secret-0123456789abcdef-of-the-server',
  provider: 'sk-canary-provider-key-0123456789',
  password: 'canary-password-Tr0ub4dor',
  urlToken: 'canary-token-in-a-url',
  bearer: 'canary.bearer.nonsense',
  cookie: 'canary-cookie-nonsense',
  share: 'canary-share-secret-0123456789abcdef',
} as const

let app: RunningApp
let browser: Browser
let context: BrowserContext
let page: Page
const urls: string[] = []
const messages: string[] = []
/** What the browser was told, but for the answers that set a cookie. */
const answers: string[] = []

beforeAll(async () => {
  ;[app, browser] = await Promise.all([
    startApp({
      JWT_SECRET: PLANTED.secret,
      // Nobody is there: each call fails, and failures are what gets logged.
      OPENAI_BASE_URL: 'http://127.0.0.1:9/v1',
      OPENAI_API_KEY: PLANTED.provider,
      MODEL: 'none',
      LOG_LEVEL: 'trace',
    }),
    launchBrowser(),
  ])
  context = await browser.newContext()
  context.on('request', (request) => urls.push(request.url(), request.headers()['referer'] ?? ''))
  context.on('console', (message) => messages.push(message.text()))
  context.on('response', (response) => {
    if (!response.url().includes('/api/') || response.url().includes('/api/sse')) return
    response.text().then(
      (text) => answers.push(text),
      () => undefined,
    )
  })
  page = await context.newPage()
})

afterAll(async () => {
  await browser?.close()
  await app?.dispose()
})

/** A whole visit: an account, a question that fails, a link, and every kind of credential where it does not belong. */
async function visit(): Promise<readonly string[]> {
  await page.goto(app.url)
  const call = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    page.evaluate(
      async ([verb, to, text, more]) => {
        const init = { method: verb, headers: { 'content-type': 'application/json', ...more } }
        const answer = await fetch(to, text === undefined ? init : { ...init, body: text })
        return answer.status
      },
      [method, path, body === undefined ? undefined : JSON.stringify(body), headers] as const,
    )
  const account = { email: 'canary@example.org', password: PLANTED.password }
  expect(await call('POST', '/api/auth/sign-up', account)).toBeLessThan(300)
  await call('POST', '/api/auth/sign-in', { ...account, password: `${PLANTED.password}-wrong` })
  await call('POST', '/api/auth/sign-in', { email: PLANTED.password, password: 1 })
  expect(await call('POST', '/api/auth/sign-in', account)).toBe(200)
  await call('POST', '/api/auth/refresh')
  const tokens = (await context.cookies(`${app.url}/api/auth`)).map(({ value }) => value)
  expect(tokens.length).toBeGreaterThanOrEqual(2)

  expect(await call('PUT', '/api/sessions/canary', {})).toBe(201)
  await call('POST', '/api/sessions/canary/messages', { content: 'Why?', clientMessageId: 'q1' })
  await page.goto(`${app.url}/s/canary`)
  await page.getByText('Why?').first().waitFor()

  // Beside the browser, for what its own script would not send.
  const odd = (path: string, headers: Record<string, string>, init: RequestInit = {}) =>
    fetch(app.url + path, { ...init, headers })
      .then((answer) => answer.text())
      .then((text) => answers.push(text))
  await odd(`/api/sessions?token=${PLANTED.urlToken}&access_token=${PLANTED.urlToken}`, {})
  await odd('/api/sessions', { authorization: `Bearer ${PLANTED.bearer}` })
  await odd('/api/sessions', { authorization: `Basic ${PLANTED.bearer}` })
  await odd('/api/sessions', { cookie: `auth_token=${PLANTED.cookie}`, 'x-throughline': '1' })
  await odd(
    '/api/auth/refresh',
    { cookie: `refresh_token=${PLANTED.cookie}`, 'x-throughline': '1' },
    { method: 'POST' },
  )
  await odd('/api/sessions', { authorization: `Bearer ${tokens[0] ?? ''}`, origin: 'https://evil.example' })
  const open = { secret: PLANTED.share }
  const json = { 'content-type': 'application/json' }
  await odd('/api/shares/none/open', json, { method: 'POST', body: JSON.stringify(open) })
  await odd('/api/shares/none/open', json, { method: 'POST', body: `{"secret": "${PLANTED.share}"` })
  const stranger = apiUser(app.url, tokens[0] ?? '')
  answers.push(await (await stranger.request('GET', '/api/sessions/nobodys')).text())
  return tokens
}

/** The part of a token that cannot be guessed. */
const unguessable = (token: string): string => token.split('.').at(-1) ?? token

test('A7 what is secret is found in no log, answer, number, address or storage', async () => {
  const tokens = await visit()
  const publisher = await tokenOf('ops', { scope: 'metrics' })
  const metrics = await (await fetch(`${app.url}/metrics`)).text()
  await expect.poll(() => app.output()).toContain('"audit"')
  const stored = await page.evaluate(async () => {
    const databases = await Promise.all(
      (await indexedDB.databases()).map(
        ({ name = '' }) =>
          new Promise<unknown>((resolve) => {
            const opening = indexedDB.open(name)
            opening.onerror = () => resolve(name)
            opening.onsuccess = () => {
              const database = opening.result
              const names = [...database.objectStoreNames]
              if (names.length === 0) return resolve(name)
              const reading = database.transaction(names)
              const found: unknown[] = []
              for (const store of names) {
                const request = reading.objectStore(store).getAll()
                request.onsuccess = () => found.push(request.result)
              }
              reading.oncomplete = () => resolve(found)
            }
          }),
      ),
    )
    return JSON.stringify([
      Object.entries(localStorage),
      Object.entries(sessionStorage),
      document.cookie,
      databases,
    ])
  })
  const places = {
    'the log': app.output(),
    'the numbers': metrics,
    'an answer': answers.join('\n'),
    'an address': urls.join('\n'),
    'the console': messages.join('\n'),
    'the browser': stored,
    'the page': await page.content(),
  }
  expect(app.output().length).toBeGreaterThan(200)
  expect(answers.length).toBeGreaterThan(10)
  expect(urls.length).toBeGreaterThan(10)
  const secrets = [...Object.values(PLANTED), ...tokens.map(unguessable), unguessable(publisher)]
  for (const [place, text] of Object.entries(places)) {
    for (const secret of secrets) expect(text.includes(secret), `${secret} in ${place}`).toBe(false)
  }
})
