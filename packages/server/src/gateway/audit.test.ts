import { afterEach, beforeEach, expect, test } from 'vitest'
import { createTestClock, settle } from '../testing/clock.ts'
import { rawRequest } from '../testing/raw-request.ts'
import { startService, type TestService } from '../testing/service.ts'
import { openStream } from '../testing/stream.ts'

let hub: TestService
let records: Record<string, unknown>[]

beforeEach(async () => {
  records = []
  const note = (fields: object): void => {
    if ('audit' in fields) records.push({ ...fields })
  }
  const logger = { info: note, warn: note, error: note }
  const env = { RATE_LIMIT_PER_MINUTE: '4', MAX_CONNECTIONS_PER_USER: '1' }
  // The clock stands still, so that nothing refills.
  hub = await startService({ logger, env, now: createTestClock(Date.now()).now })
})
afterEach(() => hub.close())

const refused = async (headers: Record<string, string>, path = '/api/sessions/s1', method = 'GET') => {
  const before = records.length
  const { status } = await rawRequest(hub.url + path, { method, headers })
  return [status, ...records.slice(before).map(({ reason }) => reason)]
}

test('each refusal is recorded with its reason, whatever its answer says', async () => {
  const authorization = `Bearer ${await hub.token('ada')}`
  await hub.call('PUT', '/api/sessions/s1')
  expect(await refused({ host: 'evil.example' })).toEqual([403, 'host'])
  expect(await refused({ authorization, origin: 'https://evil.example' })).toEqual([403, 'origin'])
  expect(await refused({})).toEqual([401, 'no_credentials'])
  expect(await refused({ authorization: 'Bearer nonsense' })).toEqual([401, 'invalid_token'])
  const { token: old } = await hub.service.auth.mint({ userId: 'ada', ttlMs: -1_000 })
  expect(await refused({ authorization: `Bearer ${old}` })).toEqual([401, 'expired_token'])
  expect(await refused({ authorization }, '/api/runs/claim', 'POST')).toEqual([403, 'missing_scope'])
  expect(await refused({ authorization: `Bearer ${await hub.token('eve')}` })).toEqual([404, 'not_owner'])
  expect(await refused({ authorization }, '/api/sessions/none')).toEqual([404])
  expect(await refused({ authorization })).toEqual([200])
  for (let command = 0; command < 3; command++) await hub.call('POST', '/api/sessions')
  expect(await refused({ authorization }, '/api/sessions', 'POST')).toEqual([429, 'too_many_requests'])
  expect(records.at(-1)).toEqual({
    audit: 'request_refused',
    reason: 'too_many_requests',
    status: 429,
    userId: 'ada',
    address: '127.0.0.1',
    method: 'POST',
    route: '/api/sessions',
  })
})

test('a stream that ends with its login is recorded, and one beyond the limit', async () => {
  await hub.call('PUT', '/api/sessions/s1')
  const stream = await openStream(hub, '/api/sse?sessionId=s1')
  const authorization = `Bearer ${await hub.token('ada')}`
  expect(await refused({ authorization }, '/api/sse?sessionId=s1')).toEqual([503, 'too_many_connections'])
  expect((await hub.call('POST', '/api/auth/everywhere')).status).toBe(204)
  await stream.ended
  await settle()
  const ended = { audit: 'stream_ended', reason: 'revoked', userId: 'ada' }
  expect(records).toContainEqual(expect.objectContaining(ended))
  expect(await refused({ authorization })).toEqual([401, 'revoked_token'])
})

test('logins are recorded from their begin to their end, and a copied refresh token as what it is', async () => {
  const auth = async (path: string, cookie = '') => {
    const answer = await rawRequest(`${hub.url}/api/auth/${path}`, {
      method: 'POST',
      headers: { 'x-throughline': '1', cookie },
    })
    const cookies = [answer.headers['set-cookie'] ?? []].flat().map((line) => line.split(';')[0] ?? '')
    return { cookie: cookies.join('; '), userId: String(answer.json['userId']) }
  }
  const { cookie, userId } = await auth('guest')
  const { sid } = records.at(-1) ?? {}
  const whose = { userId, sid, address: '127.0.0.1' }
  expect(records).toEqual([{ audit: 'signed_in', reason: 'guest', ...whose }])
  const next = await auth('refresh', cookie)
  expect(records.at(-1)).toEqual({ audit: 'login_refreshed', ...whose })
  await auth('refresh', next.cookie)
  await auth('refresh', cookie)
  expect(records.slice(-2)).toMatchObject([
    { audit: 'login_revoked', reason: 'reused_token', ...whose },
    { audit: 'request_refused', reason: 'reused_token', status: 401 },
  ])
  const other = await auth('guest')
  await auth('sign-out', other.cookie)
  expect(records.at(-1)).toMatchObject({ audit: 'signed_out', userId: other.userId, address: '127.0.0.1' })
  const third = await auth('guest')
  await auth('everywhere', third.cookie)
  expect(records.at(-1)).toEqual({
    audit: 'signed_out_everywhere',
    userId: third.userId,
    address: '127.0.0.1',
  })
  // Nothing that could be used is in it.
  expect(JSON.stringify(records)).not.toContain('eyJ')
})

test('every answer of the API says that it is data and not a page', async () => {
  for (const path of ['/api/sessions', '/api/nowhere']) {
    const { headers } = await rawRequest(hub.url + path)
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
    })
  }
})
