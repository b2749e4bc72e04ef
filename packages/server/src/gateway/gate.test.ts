import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { rawRequest, type RawAnswer } from '../testing/raw-request.ts'
import { startService, type TestService } from '../testing/service.ts'

let hub: TestService
let token: string

beforeAll(async () => {
  hub = await startService({
    env: { ALLOW_ORIGINS: 'https://app.example.com', ALLOW_HOSTS: 'hub.example.com' },
    config: { trustedProxies: ['127.0.0.1'] },
  })
  token = await hub.token('ada')
  await hub.call('PUT', '/api/sessions/s1')
})
afterAll(() => hub.close())

const ask = (headers: Readonly<Record<string, string>>, path = '/api/sessions/s1', method = 'GET') =>
  rawRequest(hub.url + path, { method, headers })
const problem = (answer: RawAnswer) => [answer.status, answer.json['title'], answer.json['code']]
const ORIGIN = 'https://app.example.com'

describe('the gate', () => {
  test('A5 a foreign Host is refused before anything else is looked at', async () => {
    const bearer = { authorization: `Bearer ${token}` }
    const answer = await ask({ ...bearer, host: 'evil.example' })
    expect(problem(answer)).toEqual([403, 'Host not allowed', 'forbidden_origin'])
    expect(problem(await ask({ ...bearer, host: 'evil.example' }, '/api/nowhere', 'OPTIONS'))[0]).toBe(403)
    expect((await ask({ ...bearer, host: 'hub.example.com' })).status).toBe(200)
  })

  test('A4 a foreign Origin is refused with a bearer and all, and hears nothing', async () => {
    for (const origin of ['null', 'https://evil.example', `${ORIGIN}.evil.example`, `${ORIGIN}:444`]) {
      const answer = await ask({ authorization: `Bearer ${token}`, origin })
      expect(problem(answer)).toEqual([403, 'Origin not allowed', 'forbidden_origin'])
      expect(answer.headers['access-control-allow-origin']).toBeUndefined()
    }
  })

  test('an allowed Origin is reflected on answers and refusals alike', async () => {
    for (const headers of [{ authorization: `Bearer ${token}` }, {}]) {
      const answer = await ask({ ...headers, origin: ORIGIN })
      expect(answer.headers).toMatchObject({
        'access-control-allow-origin': ORIGIN,
        'access-control-allow-credentials': 'true',
        'access-control-expose-headers': 'Retry-After',
        vary: 'Origin',
      })
    }
  })

  test('answers are never said to be the same for every origin', async () => {
    const answer = await ask({ authorization: `Bearer ${token}` })
    expect(answer.headers['vary']).toBe('Origin')
    expect(answer.headers['access-control-allow-origin']).toBeUndefined()
  })

  test('a preflight tells the methods of the path and the headers, for a day', async () => {
    const answer = await ask({ origin: ORIGIN }, '/api/sessions/s1', 'OPTIONS')
    expect(answer.status).toBe(200)
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': ORIGIN,
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'PUT, GET, PATCH, DELETE, OPTIONS',
      'access-control-allow-headers': 'Authorization, Content-Type, Last-Event-ID, X-Throughline',
      'access-control-max-age': '86400',
      vary: 'Origin',
    })
    expect((await ask({ origin: 'https://evil.example' }, '/api/sse', 'OPTIONS')).status).toBe(403)
    expect((await ask({}, '/api/sse', 'OPTIONS')).status).toBe(403)
    expect((await ask({ origin: ORIGIN }, '/api/nowhere', 'OPTIONS')).status).toBe(404)
  })

  test('a proxy is told what a path takes, and nothing that a browser would act on', async () => {
    const answer = await ask({ 'x-throughline': '1' }, '/api/sessions/s1', 'OPTIONS')
    expect([answer.status, answer.headers['allow']]).toEqual([200, 'PUT, GET, PATCH, DELETE, OPTIONS'])
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
    const foreign = { 'x-throughline': '1', origin: 'https://evil.example' }
    expect((await ask(foreign, '/api/sessions/s1', 'OPTIONS')).status).toBe(403)
    expect((await ask({ 'x-throughline': '1' }, '/api/nowhere', 'OPTIONS')).status).toBe(404)
  })

  test('the session is looked at before the credentials', async () => {
    expect(problem(await ask({}, '/api/sse'))).toEqual([400, 'Session ID required', 'invalid_request'])
    expect(problem(await ask({}, '/api/run_sse/'))).toEqual([400, 'Session ID required', 'invalid_request'])
    for (const bad of ['a%2Fb', '..', 'a b', 'x'.repeat(65), '__logins', '%00', 'a%0d%0ab']) {
      expect(problem(await ask({}, `/api/sse?sessionId=${bad}`))).toEqual([
        400,
        'Invalid session ID',
        'invalid_request',
      ])
    }
    expect((await ask({}, '/api/sessions/a%2Fb')).status).toBe(400)
    expect((await ask({}, '/api/sessions/__logins/updates')).status).toBe(400)
  })

  test('no credentials and invalid ones are told apart, and nothing more', async () => {
    const none = await ask({})
    expect(problem(none)).toEqual([401, 'Unauthorized', 'auth_error'])
    expect(none.headers['www-authenticate']).toBe('Bearer')
    const invalid = await ask({ authorization: 'Bearer aa.bb.cc' })
    expect(problem(invalid)).toEqual([401, 'Invalid token', 'auth_error'])
    expect(invalid.text).not.toContain('JWS')
  })

  test('cookies need an own page, or the header that a foreign page cannot send', async () => {
    const cookie = `auth_token=${token}`
    expect((await ask({ cookie })).status).toBe(401)
    expect((await ask({ cookie, 'x-throughline': '1' })).status).toBe(200)
    expect((await ask({ cookie, 'sec-fetch-site': 'same-origin' })).status).toBe(200)
    expect((await ask({ cookie, 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect((await ask({ cookie, 'sec-fetch-site': 'none' })).status).toBe(403)
    expect((await ask({ cookie, origin: ORIGIN })).status).toBe(200)
    expect((await ask({ cookie, origin: hub.url })).status).toBe(200)
    expect((await ask({ cookie, origin: 'http://localhost:1' })).status).toBe(403)
  })

  test('behind TLS only the prefixed cookie counts', async () => {
    const tls = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '9.9.9.9', 'x-throughline': '1' }
    expect((await ask({ ...tls, cookie: `auth_token=${token}` })).status).toBe(401)
    expect((await ask({ ...tls, cookie: `__Host-auth_token=${token}` })).status).toBe(200)
  })

  test('a token in the URL is none', async () => {
    expect((await ask({}, `/api/sessions/s1?auth_token=${token}&access_token=${token}`)).status).toBe(401)
  })

  test('pages are not ours, unknown paths under /api are, and methods are told', async () => {
    expect(await hub.service.gateway.handle(pageRequest('/'))).toBeUndefined()
    expect(await hub.service.gateway.handle(pageRequest('/apis'))).toBeUndefined()
    expect(problem(await ask({}, '/api/nowhere'))).toEqual([404, 'Not found', 'not_found'])
    const wrong = await ask({}, '/api/sse', 'POST')
    expect(problem(wrong)).toEqual([405, 'Method not allowed', 'invalid_request'])
    expect(wrong.headers['allow']).toBe('GET, OPTIONS')
  })

  test('probes skip the gate', async () => {
    const headers = { host: 'evil.example', origin: 'null' }
    expect((await ask(headers, '/healthz')).status).toBe(200)
    expect((await ask(headers, '/readyz')).text).toBe('ready\n')
    expect((await ask({}, '/metrics')).text).toContain('throughline_subscribers 0')
    // A page whose name was bound to this machine would read them.
    expect((await ask(headers, '/metrics')).status).toBe(404)
    for (const path of ['/healthz', '/metrics', '/readyz']) {
      expect((await ask({}, path)).headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'cross-origin-resource-policy': 'same-origin',
        'cache-control': 'no-store',
      })
    }
    expect((await ask({ 'x-forwarded-for': '9.9.9.9' }, '/metrics')).status).toBe(404)
    const measuring = {
      'x-forwarded-for': '9.9.9.9',
      authorization: `Bearer ${await hub.token('ops', 'metrics')}`,
    }
    expect((await ask(measuring, '/metrics')).status).toBe(200)
    expect((await ask({}, '/healthz', 'POST')).status).toBe(405)
  })

  test('scopes are required where they are', async () => {
    const answer = await hub.call('POST', '/api/runs/claim', { body: {} })
    expect([answer.status, answer.json['title'], answer.json['code']]).toEqual([
      403,
      'Forbidden',
      'auth_error',
    ])
    expect((await hub.call('POST', '/api/sessions/s1/events', { body: {}, scope: 'publisher' })).status).toBe(
      403,
    )
  })
})

function pageRequest(url: string) {
  return {
    method: 'GET',
    url,
    protocol: 'http' as const,
    remoteAddress: '127.0.0.1',
    header: () => undefined,
    body: (async function* () {})(),
    bytes: async () => new Uint8Array(),
    signal: new AbortController().signal,
  }
}
