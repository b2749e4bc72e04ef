import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { apiUser, userOfCookies, type ApiUser } from '../harness/api.ts'
import { startApp, type RunningApp } from '../harness/app.ts'
import { cookieHeader, launchBrowser, signInAsGuest } from '../harness/browser.ts'
import { createProducer } from '../harness/producer.ts'
import { DEEP_TEXTS, HOSTILE_TEXTS } from './hostile-texts.ts'
import { SECRET, tokenOf } from './tokens.ts'

let app: RunningApp
let browser: Browser
let context: BrowserContext
let page: Page
let user: ApiUser
let backend: ApiUser
/** Hosts that the browser asked. */
const hosts = new Set<string>()

beforeAll(async () => {
  ;[app, browser] = await Promise.all([
    startApp({ JWT_SECRET: SECRET, AGENTS: 'off', RATE_LIMIT_PER_MINUTE: '0' }),
    launchBrowser(),
  ])
  context = await browser.newContext()
  context.on('request', (request) => {
    if (!request.url().startsWith('data:')) hosts.add(new URL(request.url()).host)
  })
  page = await signInAsGuest(context, app.url)
  user = userOfCookies(app.url, await cookieHeader(context, app.url))
  backend = apiUser(app.url, await tokenOf('backend', { scope: 'publish' }))
})

afterAll(async () => {
  await browser?.close()
  await app?.dispose()
})

/** A session whose answers, one after the other, are these texts. */
async function publish(texts: readonly string[]): Promise<string> {
  const { id } = await user.json<{ id: string }>('POST', '/api/sessions', { title: texts[0]?.slice(0, 60) })
  const producer = createProducer(backend, id)
  for (const [index, finalContent] of texts.entries()) {
    const messageId = `m${String(index)}`
    // Without one they would be versions of each other.
    const parent = index === 0 ? {} : { parentId: `m${String(index - 1)}` }
    await producer.publish([
      { type: 'message_started', messageId, ...parent, data: { messageId, role: 'assistant' } },
      { type: 'message_chunk', messageId, data: { messageId, content: finalContent, isComplete: true } },
      { type: 'message_completed', messageId, data: { messageId, sessionId: id, finalContent } },
    ])
  }
  return id
}

test('hostile Markdown is shown as text: nothing runs, nothing is loaded, no link leads into a script', async () => {
  const sessionId = await publish(HOSTILE_TEXTS)
  const dialogs: string[] = []
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message())
    void dialog.dismiss()
  })
  await page.goto(`${app.url}/s/${sessionId}`)
  await expect.poll(() => page.getByTestId('answer').count()).toBe(HOSTILE_TEXTS.length)
  for (const link of await page.getByTestId('answer').getByText('click', { exact: true }).all()) {
    await link.click({ noWaitAfter: true, force: true }).catch(() => undefined)
  }
  const found = await page.evaluate(() => {
    const forbidden = 'script iframe object embed style link meta base math img video audio animate'.split(
      ' ',
    )
    const all = [...document.querySelectorAll('[data-testid=answer] *')]
    return {
      taken: 'taken' in window,
      elements: all.map((element) => element.tagName.toLowerCase()).filter((tag) => forbidden.includes(tag)),
      handlers: all.flatMap((element) => element.getAttributeNames()).filter((name) => /^on/i.test(name)),
      links: all
        .flatMap((element) => [element.getAttribute('href') ?? '', element.getAttribute('src') ?? ''])
        .filter((target) => target !== '' && !/^(https?:\/\/|mailto:|\/|#)/.test(target)),
    }
  })
  expect(found).toEqual({ taken: false, elements: [], handlers: [], links: [] })
  expect(dialogs).toEqual([])
  expect([...hosts]).toEqual([new URL(app.url).host])
  expect(context.pages()).toHaveLength(1)
})

test('the titles, questions and names that people choose are text, too', async () => {
  const title = '<img src=x onerror="window.taken=1">'
  const { id } = await user.json<{ id: string }>('POST', '/api/sessions', { title })
  await user.json('POST', `/api/sessions/${id}/messages`, {
    content: HOSTILE_TEXTS.join('\n\n'),
    clientMessageId: 'q',
  })
  await page.goto(`${app.url}/s/${id}`)
  await page.getByText('window.taken').first().waitFor()
  expect(await page.evaluate(() => 'taken' in window)).toBe(false)
  expect([...hosts]).toEqual([new URL(app.url).host])
})

test('text that is nested without end leaves the page alive', async () => {
  const sessionId = await publish(DEEP_TEXTS)
  await page.goto(`${app.url}/s/${sessionId}`)
  await expect.poll(() => page.getByTestId('answer').count(), { timeout: 60_000 }).toBe(DEEP_TEXTS.length)
  await page.getByRole('textbox').last().fill('still here')
  expect(await page.getByRole('textbox').last().inputValue()).toBe('still here')
})

test('every page has a policy with a nonce of its own and no unsafe-inline, and the headers that belong to it', async () => {
  const nonces = new Set<string>()
  for (const path of ['/', '/s/none', '/library', '/nowhere', '/s/..%2f..']) {
    for (let visit = 0; visit < 2; visit += 1) {
      const { headers } = await fetch(app.url + path)
      const policy = headers.get('content-security-policy') ?? ''
      expect(policy, path).toMatch(/script-src 'self' 'nonce-[A-Za-z0-9+/=]{20,}' 'strict-dynamic'/)
      expect(policy, path).toContain("default-src 'none'")
      expect(policy, path).toContain("frame-ancestors 'none'")
      expect(policy, path).not.toMatch(/unsafe|\*|http:/)
      nonces.add(/nonce-([^']+)/.exec(policy)?.[1] ?? '')
      expect(headers.get('x-content-type-options'), path).toBe('nosniff')
      expect(headers.get('referrer-policy'), path).toBe('no-referrer')
      expect(headers.get('x-frame-options'), path).toBe('DENY')
      expect(headers.get('cross-origin-opener-policy'), path).toBe('same-origin')
      expect(headers.get('x-powered-by'), path).toBeNull()
    }
  }
  expect(nonces.size).toBe(10)
})

test('no page of the app breaks its own policy', async () => {
  const violations: string[] = []
  page.on('console', (message) => {
    if (/Content Security Policy|Refused to/.test(message.text())) violations.push(message.text())
  })
  for (const path of [
    '/',
    '/library',
    `/s/${await publish(['# Hi\n\n```ts\nconst a = 1\n```\n'])}`,
    '/nowhere',
  ]) {
    await page.goto(app.url + path)
    await page.locator('main').first().waitFor()
    // By a worker, which has a policy of its own.
    if (path.startsWith('/s/')) await page.locator('pre code span').first().waitFor()
  }
  expect(violations).toEqual([])
})
