import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { startApp, type RunningApp } from '../harness/app.ts'
import { launchBrowser } from '../harness/browser.ts'
import { SECRET, tokenOf } from './tokens.ts'

/**
 * Names of this machine that only the browser knows: one site for the app and a sibling of it, another for strangers.
 * What the browser then sends as Origin, Sec-Fetch-Site and cookies is its own doing.
 */
const RESOLVER = 'MAP *.test 127.0.0.1'

let hub: RunningApp
let pages: Server
let pagesPort: number
let browser: Browser
let context: BrowserContext
let bearer: string

beforeAll(async () => {
  // Somebody's own web server: an empty page at every name.
  pages = createServer((request, response) => {
    const sandboxed =
      request.url === '/sandboxed' ? { 'content-security-policy': 'sandbox allow-scripts' } : {}
    response
      .writeHead(200, { 'content-type': 'text/html', ...sandboxed })
      .end('<!doctype html><title>page</title>')
  })
  await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve))
  pagesPort = (pages.address() as AddressInfo).port
  hub = await startApp(
    {
      JWT_SECRET: SECRET,
      RATE_LIMIT_PER_MINUTE: '0',
      ALLOW_HOSTS: 'app.site.test,plain.site.test',
      ALLOW_ORIGINS: `http://friend.site.test:${String(pagesPort)}`,
      LOG_LEVEL: 'error',
    },
    'hub',
  )
  bearer = await tokenOf('ada')
  const own = `http://app.site.test:${String(hub.port)}`
  const plain = `http://plain.site.test:${String(hub.port)}`
  browser = await launchBrowser([
    `--host-resolver-rules=${RESOLVER}`,
    // As over TLS: only then does it say Sec-Fetch-Site.
    `--unsafely-treat-insecure-origin-as-secure=${own}`,
  ])
  // The hub has no pages: what it answers stands for one, less the policy by which it is none.
  context = await browser.newContext({ bypassCSP: true })
  const cookie = { name: 'auth_token', value: bearer, httpOnly: true, sameSite: 'Lax' } as const
  await context.addCookies([own, plain].map((url) => ({ ...cookie, url })))
})

afterAll(async () => {
  await browser?.close()
  await hub?.dispose()
  pages?.close()
})

const api = (): string => `http://app.site.test:${String(hub.port)}/api/sessions`

/** Who asks, as the browser sees it. */
const PAGES = {
  'an own page': () => `http://app.site.test:${String(hub.port)}/healthz`,
  'a friend that is allowed': () => `http://friend.site.test:${String(pagesPort)}/`,
  'a sibling that is not': () => `http://sibling.site.test:${String(pagesPort)}/`,
  'another port of the same name': () => `http://app.site.test:${String(pagesPort)}/`,
  'a stranger': () => `http://evil.test:${String(pagesPort)}/`,
  'a stranger with our name inside theirs': () => `http://app.site.test.evil.test:${String(pagesPort)}/`,
  'a sandboxed page, whose origin is null': () => `http://evil.test:${String(pagesPort)}/sandboxed`,
} as const

/** How it asks; `read` is the status that its script sees, or `blocked`. */
const WAYS = {
  'by nothing': {},
  'by its cookie': { credentials: 'include' },
  'by its cookie and our header': { credentials: 'include', headers: { 'x-throughline': '1' } },
  'by a bearer': { headers: { authorization: 'BEARER' } },
} as const satisfies Record<string, { credentials?: 'include'; headers?: Record<string, string> }>

type PageName = keyof typeof PAGES
type WayName = keyof typeof WAYS

const READ: Readonly<Record<PageName, Readonly<Record<WayName, number | 'blocked'>>>> = {
  // Of its own origin a page sends its cookies unasked.
  'an own page': {
    'by nothing': 200,
    'by its cookie': 200,
    'by its cookie and our header': 200,
    'by a bearer': 200,
  },
  'a friend that is allowed': {
    'by nothing': 401,
    'by its cookie': 200,
    'by its cookie and our header': 200,
    'by a bearer': 200,
  },
  'a sibling that is not': nobody(),
  'another port of the same name': nobody(),
  'a stranger': nobody(),
  'a stranger with our name inside theirs': nobody(),
  'a sandboxed page, whose origin is null': nobody(),
}

function nobody(): Record<WayName, 'blocked'> {
  return {
    'by nothing': 'blocked',
    'by its cookie': 'blocked',
    'by its cookie and our header': 'blocked',
    'by a bearer': 'blocked',
  }
}

async function openPage(name: PageName): Promise<Page> {
  const page = await context.newPage()
  await page.goto(PAGES[name]())
  return page
}

test.each(Object.keys(PAGES) as PageName[])(
  'A1 %s reads what it may, by each way of asking',
  async (name) => {
    const page = await openPage(name)
    const read: Record<string, number | string> = {}
    for (const [way, init] of Object.entries(WAYS)) {
      const headers = Object.fromEntries(
        Object.entries('headers' in init ? init.headers : {}).map(([key, value]) => [
          key,
          value === 'BEARER' ? `Bearer ${bearer}` : value,
        ]),
      )
      read[way] = await page.evaluate(
        ([url, options]) =>
          fetch(url, options).then(
            ({ status }) => status,
            () => 'blocked',
          ),
        [api(), { ...init, headers }] as const,
      )
    }
    expect(read).toEqual(READ[name])
    await page.close()
  },
)

test.each(['a sibling that is not', 'a stranger', 'a sandboxed page, whose origin is null'] as const)(
  'A1 %s changes nothing by a form, an image, a beacon or a request it cannot read',
  async (name) => {
    const before = await countSessions()
    const page = await openPage(name)
    await page.evaluate(async (url) => {
      const attempts: Promise<unknown>[] = [
        fetch(url, { method: 'POST', mode: 'no-cors', credentials: 'include', body: '{}' }),
        new Promise((resolve) => {
          const image = new Image()
          image.onerror = image.onload = resolve
          image.src = url
        }),
      ]
      navigator.sendBeacon(url, new Blob(['{}'], { type: 'text/plain' }))
      await Promise.allSettled(attempts)
    }, api())
    // Last, for it takes the page along: the one cross-site request that carries a Lax cookie.
    const [answer] = await Promise.all([
      page.waitForResponse((response) => response.request().isNavigationRequest()),
      // A page that is closed between that answer and its change of processes stays open in Chromium for ever.
      page.waitForURL(api()),
      // Answered before the page goes: nobody would answer afterwards.
      page.evaluate((url) => {
        setTimeout(() => {
          location.href = url
        })
      }, api()),
    ])
    expect(answer.status()).toBe(403)
    expect(await countSessions()).toBe(before)
    await page.close()
  },
)

test('A1 where the browser vouches for nothing, over plain http, a cookie needs our header', async () => {
  const url = `http://plain.site.test:${String(hub.port)}`
  const page = await context.newPage()
  await page.goto(`${url}/healthz`)
  const ask = (headers: Record<string, string>) =>
    page.evaluate(async ([to, init]) => (await fetch(to, init)).status, [
      `${url}/api/sessions`,
      { headers },
    ] as const)
  expect(await ask({})).toBe(401)
  expect(await ask({ 'x-throughline': '1' })).toBe(200)
  await page.close()
})

test('A1 an address typed by hand shows no session either', async () => {
  const page = await context.newPage()
  const answer = await page.goto(api())
  expect(answer?.status()).toBe(403)
  await page.close()
})

test('A5 a name that was bound to this machine by somebody else is refused', async () => {
  const page = await context.newPage()
  const answer = await page.goto(`http://rebound.test:${String(hub.port)}/api/sessions`)
  expect(answer?.status()).toBe(403)
  expect(await answer?.text()).toContain('Host not allowed')
  await page.close()
})

async function countSessions(): Promise<number> {
  const answer = await fetch(`${hub.url}/api/sessions`, { headers: { authorization: `Bearer ${bearer}` } })
  return ((await answer.json()) as { sessions: unknown[] }).sessions.length
}
