import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { freePort } from '@throughline/log/testing/free-port'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import { apiUser } from '../harness/api.ts'
import { startApp, type RunningApp } from '../harness/app.ts'
import { ask, DESKTOP, launchBrowser, signInAsGuest } from '../harness/browser.ts'
import { startNext, type NextServer } from './next-server.ts'
import { SECRET, tokenOf } from './tokens.ts'

/** A hub with a worker of its own, and in front of it an app that has neither. */
let hub: RunningApp
let worker: RunningApp
let browser: Browser

beforeAll(async () => {
  hub = await startApp(
    {
      JWT_SECRET: SECRET,
      RATE_LIMIT_PER_MINUTE: '0',
      HEARTBEAT_MS: '500',
      TRUSTED_PROXIES: '127.0.0.1',
      LOG_LEVEL: 'warn',
    },
    'hub',
  )
  const workerToken = await tokenOf('worker', { scope: 'publish' })
  ;[worker, browser] = await Promise.all([
    startApp({ HUB_URL: hub.url, WORKER_TOKEN: workerToken, JWT_SECRET: SECRET }, 'worker'),
    launchBrowser(),
  ])
})

afterAll(async () => {
  await browser?.close()
  await worker?.dispose()
  await hub?.dispose()
})

const env = () => ({ BACKEND_URL: hub.url, JWT_SECRET: SECRET })

describe('P3 the app of npm start in front of a hub elsewhere', () => {
  let front: RunningApp

  beforeAll(async () => {
    front = await startApp(env())
  })
  afterAll(() => front?.dispose())

  test('a question is asked, researched by a worker at the hub, and answered on the page', async () => {
    const context = await browser.newContext({ viewport: DESKTOP })
    const page = await signInAsGuest(context, front.url)
    const sessionId = await ask(page, 'How do I stream a response from a route handler?')
    const answer = page.getByTestId('answer').last()
    await expect.poll(() => answer.getAttribute('data-status'), { timeout: 90_000 }).toBe('complete')
    expect((await answer.innerText()).length).toBeGreaterThan(100)

    // What the browser signed in as is somebody at the hub, and nobody elsewhere.
    const token = (await context.cookies(front.url)).find(({ name }) => name === 'auth_token')?.value ?? ''
    const session = `/api/sessions/${sessionId}`
    expect((await apiUser(hub.url, token).request('GET', session)).status).toBe(200)
    expect((await apiUser(front.url, token).request('GET', session)).status).toBe(200)
    expect((await apiUser(front.url, await tokenOf('eve')).request('GET', session)).status).toBe(404)
    await context.close()
  })

  test('refreshing, renaming, deleting, restoring and signing out go through', async () => {
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.goto(front.url)
    const statuses = await page.evaluate(async () => {
      const call = async (method: string, path: string, body?: unknown) => {
        const init = { method, headers: { 'content-type': 'application/json', 'x-throughline': '1' } }
        const answer = await fetch(path, body === undefined ? init : { ...init, body: JSON.stringify(body) })
        return answer.status
      }
      return [
        await call('GET', '/api/auth/me'),
        await call('POST', '/api/auth/guest'),
        await call('POST', '/api/auth/refresh'),
        await call('GET', '/api/auth/me'),
        await call('PUT', '/api/sessions/split-1', { title: 'One' }),
        await call('PATCH', '/api/sessions/split-1', { title: 'Two' }),
        await call('GET', '/api/sessions/split-1/updates?wait=1'),
        await call('DELETE', '/api/sessions/split-1'),
        await call('POST', '/api/sessions/split-1/restore'),
        await call('GET', '/api/nowhere'),
        await call('POST', '/api/auth/sign-out'),
        await call('GET', '/api/auth/me'),
      ]
    })
    expect(statuses).toEqual([401, 201, 200, 200, 201, 200, 200, 204, 200, 404, 204, 401])
    await context.close()
  })

  test('a worker can claim, write a stream of lines and read through it', async () => {
    const backend = apiUser(front.url, await tokenOf('backend', { scope: 'publish' }))
    const { id } = await backend.json<{ id: string }>('POST', '/api/sessions', {})
    const lines = [1, 2, 3].map((producerSeq) =>
      JSON.stringify({ producerSeq, type: 'my_line', data: { producerSeq } }),
    )
    const answer = await backend.request(
      'POST',
      `/api/sessions/${id}/events?producerId=p`,
      `${lines.join('\n')}\n`,
      { 'content-type': 'application/x-ndjson' },
    )
    expect([answer.status, await answer.json()]).toMatchObject([200, { producerSeq: 3 }])
    const large = await backend.request('POST', `/api/sessions/${id}/events`, 'x'.repeat(3_000_000))
    expect(large.status).toBe(413)
  })

  test('the hub hears who asked, whatever the request says of that', async () => {
    const { hostname, port } = new URL(front.url)
    const headers = { authorization: `Bearer ${await tokenOf('eve')}`, 'x-forwarded-for': '198.51.100.6' }
    const { id } = await apiUser(front.url, await tokenOf('ada')).json<{ id: string }>(
      'POST',
      '/api/sessions',
      {},
    )
    const asked = request({ hostname, port, path: `/api/sessions/${id}`, headers, localAddress: '127.0.0.7' })
    const [answer] = (await once(asked.end(), 'response')) as [IncomingMessage]
    answer.resume()
    expect(answer.statusCode).toBe(404)
    await expect.poll(() => hub.output()).toContain('"address":"127.0.0.7"')
    expect(hub.output()).not.toContain('198.51.100.6')
  })

  test('is not ready while its hub is away, answers 502 then, and goes on when it is back', async () => {
    const user = apiUser(front.url, await tokenOf('ada'))
    await hub.kill()
    expect((await fetch(`${front.url}/readyz`)).status).toBe(503)
    expect((await user.request('GET', '/api/sessions')).status).toBe(502)
    expect((await user.request('GET', '/api/sse?sessionId=a')).status).toBe(502)
    await hub.restart()
    expect((await fetch(`${front.url}/readyz`)).status).toBe(200)
    expect((await user.request('GET', '/api/sessions')).status).toBe(200)
  })
})

describe('P3 a browser behind next start', () => {
  let next: NextServer
  let page: Page

  beforeAll(async () => {
    next = await startNext('start', env())
    page = await (await browser.newContext()).newPage()
    await page.goto(next.url)
    await page.evaluate(() => fetch('/api/auth/guest', { method: 'POST' }))
    await page.evaluate(() => fetch('/api/sessions/mine', { method: 'PUT' }))
  })
  afterAll(async () => {
    await page?.context().close()
    await next?.dispose()
  })

  test('its EventSource of the same origin, which sends no Origin, is let in', async () => {
    const types = await page.evaluate(
      () =>
        new Promise<string[]>((resolve, reject) => {
          const source = new EventSource('/api/sse?sessionId=mine')
          const seen: string[] = []
          for (const type of ['snapshot', 'caught_up', 'heartbeat']) {
            source.addEventListener(type, () => {
              seen.push(type)
              if (type !== 'heartbeat') return
              source.close()
              resolve(seen)
            })
          }
          source.onerror = () => reject(new Error('EventSource failed'))
        }),
    )
    expect(types).toEqual(['snapshot', 'caught_up', 'heartbeat'])
  })

  test('its fetch reads the stream as it grows, and resumes it from a cursor', async () => {
    const texts = await page.evaluate(async () => {
      const read = async (query: string, headers: Record<string, string>, until: string) => {
        const leaving = new AbortController()
        const init = { headers: { accept: 'text/event-stream', ...headers }, signal: leaving.signal }
        const answer = await fetch(`/api/sse?sessionId=mine${query}`, init)
        const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader()
        let text = ''
        while (!text.includes(until)) text += (await reader.read()).value ?? ''
        leaving.abort()
        return text
      }
      await fetch('/api/sessions/mine', {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: '{"title":"A title"}',
      })
      const first = await read('', {}, 'event: caught_up')
      const cursor = /"head":"([a-z0-9]+)-/.exec(first)?.[1] ?? ''
      return {
        resumed: await read('', { 'last-event-id': `${cursor}-0` }, 'event: caught_up'),
        foreign: await read('&after=zzzzzzzz-4', {}, 'event: caught_up'),
      }
    })
    expect(texts.resumed).toContain('event: session_updated')
    expect(texts.resumed).not.toContain('event: snapshot')
    expect(texts.foreign).toContain('event: reset')
  })

  test('hears the status of a session that is not its own, and of none', async () => {
    const statuses = await page.evaluate(async () => {
      const ask = async (path: string) => {
        const answer = await fetch(path, { headers: { accept: 'text/event-stream' } })
        return answer.status
      }
      return [
        await ask('/api/sse?sessionId=somebody-elses'),
        await ask('/api/sse'),
        await ask('/api/sse?sessionId=a%2Fb'),
      ]
    })
    expect(statuses).toEqual([404, 400, 400])
  })

  test('a page of another origin is let in by nothing', async () => {
    const foreign = await (await browser.newContext()).newPage()
    const port = await freePort()
    await foreign.route('**/*', (route) => {
      if (new URL(route.request().url()).port !== String(port)) return route.continue()
      return route.fulfill({ contentType: 'text/html', body: '<p>elsewhere</p>' })
    })
    await foreign.goto(`http://127.0.0.1:${String(port)}/`)
    const outcome = await foreign.evaluate(async (url) => {
      const attempt = (init: RequestInit) =>
        fetch(`${url}/api/sse?sessionId=mine`, init).then(
          ({ status }) => status,
          () => 'blocked',
        )
      return [
        await attempt({}),
        await attempt({ credentials: 'include' }),
        await attempt({ mode: 'no-cors' }),
      ]
    }, next.url)
    expect(outcome.slice(0, 2)).toEqual(['blocked', 'blocked'])
    await foreign.context().close()
  })
})
