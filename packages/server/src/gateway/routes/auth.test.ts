import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { rawRequest, type RawAnswer } from '../../testing/raw-request.ts'
import { startService, type TestService } from '../../testing/service.ts'

let hub: TestService

beforeEach(async () => {
  hub = await startService({ config: { trustedProxies: ['127.0.0.1'] } })
})
afterEach(() => hub.close())

const OWN = { 'x-throughline': '1' }

function post(path: string, headers: Readonly<Record<string, string>> = {}): Promise<RawAnswer> {
  return rawRequest(hub.url + path, { method: 'POST', headers: { ...OWN, ...headers } })
}

/** What a browser would keep and send back to the path. */
function cookiesOf(answer: RawAnswer, path = '/api/auth/refresh'): string {
  return [answer.headers['set-cookie'] ?? []]
    .flat()
    .filter((line) => path.startsWith(/Path=([^;]+)/.exec(line)?.[1] ?? ''))
    .map((line) => line.split(';')[0] ?? '')
    .join('; ')
}

const me = (cookie: string) => rawRequest(`${hub.url}/api/auth/me`, { headers: { ...OWN, cookie } })

describe('a guest', () => {
  test('becomes a random user with two cookies, and stays it in a second tab', async () => {
    const first = await post('/api/auth/guest')
    expect(first.status).toBe(201)
    expect(first.json).toMatchObject({ guest: true, name: 'Guest' })
    expect(first.json['userId']).toMatch(/^guest_[0-9a-f-]{36}$/)
    expect(first.text).not.toContain('eyJ')
    const again = await post('/api/auth/guest', { cookie: cookiesOf(first) })
    expect([again.status, again.json['userId']]).toEqual([200, first.json['userId']])
    expect(again.headers['set-cookie']).toBeUndefined()
    const other = await post('/api/auth/guest')
    expect(other.json['userId']).not.toBe(first.json['userId'])
  })

  test('behind TLS gets the cookies that only TLS can set', async () => {
    const answer = await post('/api/auth/guest', {
      'x-forwarded-proto': 'https',
      'x-forwarded-for': '9.9.9.9',
    })
    const lines = [answer.headers['set-cookie'] ?? []].flat()
    expect(lines[0]).toMatch(/^__Host-auth_token=.*; Path=\/; .*HttpOnly; SameSite=Lax; Secure$/)
    expect(lines[1]).toMatch(/^__Host-refresh_token=.*; Path=\/; .*HttpOnly; SameSite=Lax; Secure$/)
  })

  test('under a public https address gets those cookies, whatever the proxy in front forgets to say', async () => {
    const there = await startService({ env: { PUBLIC_URL: 'https://app.example.com' } })
    try {
      for (const origin of ['https://app.example.com', undefined]) {
        const headers = { ...OWN, host: 'app.example.com', ...(origin !== undefined && { origin }) }
        const answer = await rawRequest(`${there.url}/api/auth/guest`, { method: 'POST', headers })
        const lines = [answer.headers['set-cookie'] ?? []].flat()
        expect(lines).toHaveLength(2)
        expect(lines.every((line) => /^__Host-.*; Path=\/; .*; Secure$/.test(line))).toBe(true)
      }
      // Who tries it on the machine itself is let in, too.
      const here = await rawRequest(`${there.url}/api/auth/guest`, {
        method: 'POST',
        headers: { origin: there.url },
      })
      expect(here.status).toBe(201)
    } finally {
      await there.close()
    }
  })

  test('cannot be made by a foreign page', async () => {
    expect((await post('/api/auth/guest', { origin: 'https://evil.example' })).status).toBe(403)
    expect((await post('/api/auth/guest', { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
  })
})

test('who am I answers the user of the token', async () => {
  const login = await post('/api/auth/guest')
  const answer = await me(cookiesOf(login))
  expect(answer.json).toEqual(login.json)
  expect((await me('')).status).toBe(401)
})

test('a refresh rotates both cookies and needs no access token', async () => {
  const login = await post('/api/auth/guest')
  const refresh = cookiesOf(login).split('; ')[1] ?? ''
  const next = await post('/api/auth/refresh', { cookie: refresh })
  expect([next.status, next.json['userId']]).toEqual([200, login.json['userId']])
  expect(cookiesOf(next)).not.toContain(refresh)
  expect((await me(cookiesOf(next))).status).toBe(200)
  expect((await post('/api/auth/refresh')).json['title']).toBe('Unauthorized')
  expect((await post('/api/auth/refresh', { cookie: 'refresh_token=aa.bb.cc' })).json['title']).toBe(
    'Invalid token',
  )
})

test('a refresh cookie does not count for a page that did not mean it', async () => {
  const login = await post('/api/auth/guest')
  const headers = { cookie: cookiesOf(login) }
  const answer = await rawRequest(`${hub.url}/api/auth/refresh`, { method: 'POST', headers })
  expect(answer.status).toBe(401)
})

describe('signing out', () => {
  test('ends the login for whoever holds its tokens, and clears the cookies', async () => {
    const login = await post('/api/auth/guest')
    const cookie = cookiesOf(login)
    const bearer = /auth_token=([^;]+)/.exec(cookie)?.[1] ?? ''
    const out = await post('/api/auth/sign-out', { cookie })
    expect(out.status).toBe(204)
    expect(cookiesOf(out)).toBe('auth_token=; refresh_token=')
    expect([out.headers['set-cookie'] ?? []].flat().every((line) => line.includes('Max-Age=0'))).toBe(true)
    expect((await me(cookie)).status).toBe(401)
    expect((await post('/api/auth/refresh', { cookie })).status).toBe(401)
    expect(
      (await hub.call('GET', '/api/auth/me', { as: null, headers: { authorization: `Bearer ${bearer}` } }))
        .status,
    ).toBe(401)
  })

  test('works with the refresh token alone, and without anything', async () => {
    const login = await post('/api/auth/guest')
    const [access = '', refresh = ''] = cookiesOf(login).split('; ')
    expect((await post('/api/auth/sign-out', { cookie: refresh })).status).toBe(204)
    expect((await me(access)).status).toBe(401)
    expect((await post('/api/auth/sign-out')).status).toBe(204)
  })

  test('by a page that did not mean it signs nobody out', async () => {
    const cookie = cookiesOf(await post('/api/auth/guest'))
    await rawRequest(`${hub.url}/api/auth/sign-out`, { method: 'POST', headers: { cookie } })
    expect((await me(cookie)).status).toBe(200)
  })

  test('A3 ends the streams of that login at once', async () => {
    const cookie = cookiesOf(await post('/api/auth/guest'))
    await rawRequest(`${hub.url}/api/sessions/mine`, { method: 'PUT', headers: { ...OWN, cookie } })
    const response = await fetch(`${hub.url}/api/sse?sessionId=mine`, {
      headers: { ...OWN, cookie, accept: 'text/event-stream' },
    })
    expect(response.status).toBe(200)
    const text = response.text()
    await post('/api/auth/sign-out', { cookie })
    expect(await text).toContain('caught_up')
    expect(hub.service.hub.stats().closes.revoked).toBe(1)
  })

  test('everywhere ends the other logins, too', async () => {
    const account = { userId: 'ada', name: 'Ada', guest: false }
    const tokens = [await hub.service.auth.startLogin(account), await hub.service.auth.startLogin(account)]
    const [one = '', other = ''] = tokens.map(({ access }) => access.token)
    const as = (token: string) => ({ as: null, headers: { authorization: `Bearer ${token}` } })
    expect((await hub.call('POST', '/api/auth/everywhere', as(one))).status).toBe(204)
    expect((await hub.call('GET', '/api/auth/me', as(other))).status).toBe(401)
  })
})

test('sign-ins are limited for each address, commands for each user and not for workers', async () => {
  const strict = await startService({
    env: { RATE_LIMIT_PER_MINUTE: '3' },
    config: { trustedProxies: ['127.0.0.1'] },
  })
  const guest = (address: string) =>
    rawRequest(`${strict.url}/api/auth/guest`, {
      method: 'POST',
      headers: { ...OWN, 'x-forwarded-for': address },
    })
  const answers = await Promise.all(Array.from({ length: 61 }, () => guest('9.9.9.9')))
  const refused = answers.filter(({ status }) => status === 429)
  expect(refused).toHaveLength(1)
  expect(Number(refused[0]?.headers['retry-after'])).toBeGreaterThanOrEqual(1)
  expect(refused[0]?.json).toMatchObject({ title: 'Too many requests', code: 'rate_limited' })
  expect((await guest('8.8.8.8')).status).toBe(201)

  const put = (as: string, scope?: string) =>
    strict.call('PUT', '/api/sessions/s1', { as, ...(scope !== undefined && { scope }) })
  const statuses = [await put('ada'), await put('ada'), await put('ada'), await put('ada')].map(
    ({ status }) => status,
  )
  expect(statuses).toEqual([201, 200, 200, 429])
  expect((await put('ada', 'publish')).status).toBe(200)
  expect((await put('bob')).status).toBe(404)
  expect((await strict.call('GET', '/api/sessions/s1')).status).toBe(200)
  await strict.close()
})
