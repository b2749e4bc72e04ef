import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEmbedded } from '@throughline/log/embedded'
import { afterEach, expect, test } from 'vitest'
import { rawRequest } from '../testing/raw-request.ts'
import { startService, type TestService, type TestServiceOptions } from '../testing/service.ts'

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean()
})

async function start(options: TestServiceOptions = {}): Promise<TestService> {
  const directory = await mkdtemp(join(tmpdir(), 'throughline-'))
  const hub = await startService({ driver: await openEmbedded({ directory }), ...options })
  cleanups.push(
    () => rm(directory, { recursive: true }),
    () => hub.close(),
  )
  return hub
}

/** The samples by name and labels. */
async function measure(hub: TestService): Promise<Map<string, number>> {
  const answer = await rawRequest(`${hub.url}/metrics`, {})
  expect(answer.status).toBe(200)
  const lines = answer.text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(
    lines.map((line) => {
      const space = line.lastIndexOf(' ')
      return [line.slice(0, space), Number(line.slice(space + 1))]
    }),
  )
}

const ask = (hub: TestService, id: string) =>
  hub.call('POST', '/api/sessions/s1/messages', { body: { content: 'why', clientMessageId: id } })

test('the numbers tell what happened on real sockets and a real disk', async () => {
  const hub = await start()
  const before = await measure(hub)
  const grown = (after: Map<string, number>, name: string): number =>
    (after.get(name) ?? NaN) - (before.get(name) ?? NaN)
  await hub.call('PUT', '/api/sessions/s1')
  await ask(hub, 'm1')
  await ask(hub, 'm1')
  expect((await hub.call('GET', '/api/sessions/none')).status).toBe(404)
  const { runs } = hub.service
  const run = await runs.claim({ waitMs: 0, signal: new AbortController().signal })
  await run?.writer.complete()
  const { json } = await ask(hub, 'm2')
  await hub.call('POST', `/api/sessions/s1/runs/${String(json['runId'])}/cancel`)

  const after = await measure(hub)
  // Two messages with a run queued each, a run that started and ended, one that was cancelled.
  expect(grown(after, 'throughline_appended_events_total')).toBe(7)
  expect(grown(after, 'throughline_append_seconds_count')).toBe(5)
  expect(after.get('throughline_append_seconds_bucket{le="5"}')).toBeGreaterThan(0)
  expect(grown(after, 'throughline_runs_ended_total{status="completed"}')).toBe(1)
  expect(grown(after, 'throughline_runs_ended_total{status="cancelled"}')).toBe(1)
  expect(grown(after, 'throughline_http_answers_total{status="4xx"}')).toBe(1)
  expect(grown(after, 'throughline_http_answers_total{status="2xx"}')).toBeGreaterThanOrEqual(5)
  expect(after.get('throughline_process_resident_bytes')).toBeGreaterThan(10_000_000)
  expect(after.get('throughline_event_loop_delay_p99_seconds')).toBeGreaterThanOrEqual(0)
})

test('streams are counted while they are open, and by how they began and ended', async () => {
  const hub = await start()
  await hub.call('PUT', '/api/sessions/s1')
  const leaving = new AbortController()
  const headers = { authorization: `Bearer ${await hub.token('ada')}` }
  const response = await fetch(`${hub.url}/api/sse?sessionId=s1`, { headers, signal: leaving.signal })
  await response.body?.getReader().read()
  const open = await measure(hub)
  expect(open.get('throughline_connections')).toBe(1)
  expect(open.get('throughline_subscribers')).toBe(1)
  expect(open.get('throughline_subscribers_blocked')).toBe(0)
  leaving.abort()
  await expect.poll(async () => (await measure(hub)).get('throughline_closes_total{reason="left"}')).toBe(1)
  const left = await measure(hub)
  expect(left.get('throughline_connections')).toBe(0)
  expect(left.get('throughline_resumes_total{kind="snapshot"}')).toBe(1)
})

test('how far readers are behind, and how long events take to their sockets, is told', async () => {
  const hub = await start()
  await hub.call('PUT', '/api/sessions/s1')
  const leaving = new AbortController()
  const headers = { authorization: `Bearer ${await hub.token('ada')}` }
  const response = await fetch(`${hub.url}/api/sse?sessionId=s1`, { headers, signal: leaving.signal })
  const reader = response.body?.getReader()
  const decoder = new TextDecoder()
  let text = ''
  const readUntil = async (words: string): Promise<void> => {
    while (!text.includes(words)) text += decoder.decode((await reader?.read())?.value, { stream: true })
  }
  await readUntil('caught_up')
  const flushes = async (): Promise<number> =>
    (await measure(hub)).get('throughline_commit_to_socket_seconds_count') ?? NaN
  expect(await flushes()).toBe(0)
  await ask(hub, 'm1')
  await readUntil('run_queued')
  expect(await flushes()).toBeGreaterThanOrEqual(1)
  const numbers = await measure(hub)
  expect(numbers.get('throughline_commit_to_socket_seconds_bucket{le="5"}')).toBe(await flushes())
  expect(numbers.get('throughline_subscriber_lag_events')).toBe(0)
  expect(numbers.get('throughline_subscriber_lag_events_max')).toBe(0)
  leaving.abort()
})

test('L1 a lease that ran out is counted as such', async () => {
  const hub = await start({ env: { RUN_LEASE_MS: '300' } })
  await hub.call('PUT', '/api/sessions/s1')
  await ask(hub, 'm1')
  await hub.driver.leases.claim({ owner: 'elsewhere', now: Date.now(), ttlMs: 1 })
  await expect.poll(async () => (await measure(hub)).get('throughline_lease_expiries_total')).toBe(1)
  expect((await measure(hub)).get('throughline_runs_ended_total{status="interrupted"}')).toBe(1)
})

test('two services in a process count for themselves', async () => {
  const [one, other] = [await start(), await start()]
  await one.call('PUT', '/api/sessions/s1')
  await ask(one, 'm1')
  expect((await measure(one)).get('throughline_appended_events_total')).toBe(2)
  expect((await measure(other)).get('throughline_appended_events_total')).toBe(0)
})

test('the text is what Prometheus reads, names nobody, and repeats no name', async () => {
  const hub = await start()
  await hub.call('PUT', '/api/sessions/s1')
  await ask(hub, 'm1')
  const { headers, text } = await rawRequest(`${hub.url}/metrics`, {})
  expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
  expect(headers['cache-control']).toBe('no-store')
  expect(text).not.toMatch(/\bada\b|s1|m1|127\.0/)
  const types = text.split('\n').filter((line) => line.startsWith('# TYPE'))
  expect(new Set(types).size).toBe(types.length)
  expect(types.every((line) => line.startsWith('# TYPE throughline_'))).toBe(true)
})

test('A2 the numbers are for this machine, and for tokens that may measure', async () => {
  const hub = await start()
  const status = async (headers: Record<string, string>): Promise<number> =>
    (await rawRequest(`${hub.url}/metrics`, { headers })).status
  expect(await status({})).toBe(200)
  const proxied = [
    { 'x-forwarded-for': '127.0.0.1' },
    { forwarded: 'for=127.0.0.1' },
    { 'x-real-ip': '127.0.0.1' },
    { via: '1.1 proxy' },
    { 'x-forwarded-proto': 'https' },
    { 'x-forwarded-host': 'app.example.com' },
  ]
  for (const headers of proxied) expect(await status(headers)).toBe(404)
  const forwarded = { 'x-forwarded-for': '9.9.9.9' }
  const bearer = async (scope: string): Promise<Record<string, string>> => ({
    ...forwarded,
    authorization: `Bearer ${await hub.token('ops', scope)}`,
  })
  expect(await status(await bearer('publish'))).toBe(404)
  expect(await status({ ...forwarded, authorization: 'Bearer nonsense' })).toBe(404)
  expect(await status(await bearer('metrics'))).toBe(200)
})
