import { createMemoryDriver } from '@throughline/log/memory'
import { StreamError } from '@throughline/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Logger } from '../logger.ts'
import { startService, type TestService } from '../testing/service.ts'
import { openStream } from '../testing/stream.ts'
import { dig } from '../testing/dig.ts'

interface Entry {
  readonly level: string
  readonly fields: object
  readonly message: string
}

let entries: Entry[]
let hub: TestService
const driver = createMemoryDriver

const note =
  (level: string) =>
  (fields: object, message: string): void => {
    entries.push({ level, fields, message })
  }

beforeEach(async () => {
  entries = []
  const logger: Logger = { info: note('info'), warn: note('warn'), error: note('error') }
  hub = await startService({ logger, driver: driver() })
  await hub.call('PUT', '/api/sessions/s1')
})
afterEach(() => hub.close())

test('what nobody foresaw is answered by an id, under which the operator finds the cause', async () => {
  hub.driver.sessions.get = () => Promise.reject(new Error('secret at /home/x'))
  const answer = await hub.call('GET', '/api/sessions/s1?q=typed')
  expect([answer.status, answer.json]).toEqual([
    500,
    { title: 'Internal server error', status: 500, code: 'server_error' },
  ])
  expect(answer.text).not.toContain('secret')
  expect(entries).toMatchObject([
    { level: 'error', fields: { requestId: answer.headers.get('x-request-id'), path: '/api/sessions/s1' } },
  ])
  expect(String(dig(entries[0]?.fields, 'err'))).toContain('secret at')
})

test('C3 storage that has failed is answered 503, without its words', async () => {
  hub.driver.append = () => Promise.reject(new StreamError('server_error', 'ENOSPC /data/log'))
  const body = { content: 'Hi', clientMessageId: 'm1' }
  const answer = await hub.call('POST', '/api/sessions/s1/messages', { body })
  expect([answer.status, answer.json['code']]).toEqual([503, 'server_error'])
  expect(answer.text).not.toContain('ENOSPC')
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(5)
  expect(entries).toHaveLength(1)
})

test('E8 a log that is behind says 503 and when to come again, and that is no fault', async () => {
  hub.driver.append = () =>
    Promise.reject(
      new StreamError('rate_limited', 'The log is behind.', { status: 503, retryAfterMs: 2_000 }),
    )
  const answer = await hub.call('PATCH', '/api/sessions/s1', { body: { title: 'x' } })
  expect([answer.status, answer.json['code']]).toEqual([503, 'rate_limited'])
  expect(entries).toEqual([])
})

test('storage that takes no writes is not ready, and says so without its words', async () => {
  hub.driver.healthy = () => Promise.reject(new Error('ENOSPC'))
  const answer = await hub.call('GET', '/readyz')
  expect([answer.status, answer.text]).toEqual([503, 'storage takes no writes\n'])
  expect((await hub.call('GET', '/healthz')).status).toBe(200)
})

test('what a server needs beside storage is looked at, too; what is wrong is said in words for everybody', async () => {
  const said = new StreamError('server_error', 'the cellar is locked', { status: 503 })
  const trouble: { of: Error | undefined } = { of: said }
  const cellar = {
    name: 'the cellar',
    healthy: () => (trouble.of ? Promise.reject(trouble.of) : Promise.resolve()),
  }
  const other = await startService({ checks: [cellar] })
  const ask = async () => {
    const { status, text } = await other.call('GET', '/readyz')
    return [status, text]
  }
  expect(await ask()).toEqual([503, 'the cellar is locked\n'])
  trouble.of = new Error('10.0.0.1:5432')
  expect(await ask()).toEqual([503, 'the cellar takes no writes\n'])
  trouble.of = undefined
  expect(await ask()).toEqual([200, 'ready\n'])
  await other.close()
})

test('A7 no token, cookie or text of a person reaches the operator’s log', async () => {
  const canary = 'canary-7f3a'
  const token = await hub.token('ada')
  hub.driver.append = () => Promise.reject(new Error('broken'))
  hub.driver.leases.claim = () => Promise.reject(new Error('broken'))
  hub.driver.sessions.list = () => Promise.reject(new Error('broken'))
  await hub.call('POST', '/api/sessions/s1/messages', { body: { content: canary, clientMessageId: 'm' } })
  await hub.call('GET', `/api/sessions?search=${canary}`, { headers: { cookie: `auth_token=${canary}` } })
  await hub.call('POST', '/api/runs/claim', { scope: 'publish' })
  await hub.call('GET', `/api/sse?sessionId=s1&token=${canary}`, { as: null })
  await hub.call('POST', '/api/auth/refresh', {
    as: null,
    headers: { cookie: `refresh_token=${canary}`, 'x-throughline': '1' },
  })
  const stream = await openStream(hub, `/api/sse?sessionId=s1&after=${canary}`)
  stream.leave()
  expect(entries.length).toBeGreaterThan(2)
  const text = entries.map(
    ({ fields, message }) => JSON.stringify(fields) + String(dig(fields, 'err', 'stack')) + message,
  )
  for (const secret of [canary, token, token.split('.')[2] ?? '', 'a secret for tests']) {
    expect(text.join()).not.toContain(secret)
  }
})
