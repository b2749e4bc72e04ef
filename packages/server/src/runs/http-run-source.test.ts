import { openEnvelope } from '@throughline/log'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startService, type TestService } from '../testing/service.ts'
import { createHttpRunSource } from './http-run-source.ts'
import type { OwnedRun, RunSource } from './run-source.ts'
import { dig, digList } from '../testing/dig.ts'

const never = new AbortController().signal
let hub: TestService
let source: RunSource
const errors: unknown[] = []

beforeEach(async () => {
  errors.length = 0
  // Longer than a busy machine keeps the worker from renewing it: only a dead one loses its run.
  hub = await startService({ env: { RUN_LEASE_MS: '3000', COALESCE_MS: '0' } })
  source = createHttpRunSource({
    baseUrl: `${hub.url}/`,
    token: () => hub.token('worker', 'publish'),
    onError: (error) => errors.push(error),
  })
  await hub.call('PUT', '/api/sessions/s1')
  await hub.call('POST', '/api/sessions/s1/messages', { body: { content: 'Hi', clientMessageId: 'm1' } })
})
afterEach(async () => {
  await source.close()
  await hub.close()
})

async function claim(from: RunSource = source): Promise<OwnedRun> {
  const run = await from.claim({ waitMs: 1_000, signal: never })
  if (run === undefined) throw new Error('nothing was queued')
  return run
}

async function log(): Promise<unknown[]> {
  const page = await hub.driver.read('s1', 'start')
  return page.events
    .map((event) => openEnvelope(event, page.epoch))
    .map(({ type, data }) => (type === 'run_completed' ? dig(data, 'status') : type))
}

const note = (n: number) => ({ type: 'note', data: n })

describe('a run claimed over HTTP', () => {
  test('comes whole, is written in groups, and ends once', async () => {
    const { writer, conversation, runId, fence } = await claim()
    expect([runId, fence, conversation.messages[0]?.content]).toEqual(['r_m1', 1, 'Hi'])
    const places = await Promise.all(Array.from({ length: 500 }, (_, n) => writer.write(note(n))))
    expect(places.map(({ offset }) => offset)).toEqual(Array.from({ length: 500 }, (_, n) => n + 4))
    await Promise.all([writer.complete({ model: 'none' }), writer.complete()])
    const events = await log()
    expect([events.length, events.at(-1)]).toEqual([504, 'completed'])
    expect(errors).toEqual([])
  })

  test('L9 is kept while its agents think', async () => {
    const { writer } = await claim()
    const { expiresAt } = (await hub.driver.leases.get('s1', 'r_m1')) ?? { expiresAt: 0 }
    await expect
      .poll(async () => (await hub.driver.leases.get('s1', 'r_m1'))?.expiresAt)
      .toBeGreaterThan(expiresAt + 300)
    await writer.complete()
    expect((await log()).at(-1)).toBe('completed')
  })

  test('hears of inputs and of its cancellation', async () => {
    const { writer } = await claim()
    await hub.call('POST', '/api/sessions/s1/runs/r_m1/input', { body: { decision: 'steer', value: 'X' } })
    for await (const input of writer.inputs()) {
      expect(input).toMatchObject({ decision: 'steer', value: 'X' })
      break
    }
    await hub.call('POST', '/api/sessions/s1/runs/r_m1/cancel')
    await expect.poll(() => writer.signal.aborted).toBe(true)
    await writer.fail(new Error('aborted'))
    expect((await log()).filter((event) => event === 'cancelled' || event === 'failed')).toEqual([
      'cancelled',
    ])
  })

  test('tells ephemeral events, which are stored nowhere', async () => {
    const { writer } = await claim()
    const before = hub.service.log.onHint((hint) => {
      if (hint.kind === 'ephemeral') told.push(hint.envelope.data)
    })
    const told: unknown[] = []
    writer.ephemeral({ type: 'thinking_status', data: { isThinking: true } })
    await expect.poll(() => told).toEqual([{ isThinking: true }])
    before()
    await writer.complete()
    expect(await log()).toEqual(['user_message', 'run_queued', 'run_started', 'completed'])
  })

  test('goes back to the queue when its worker leaves before it wrote, else ends as interrupted', async () => {
    await claim()
    await source.close()
    expect(await hub.driver.leases.get('s1', 'r_m1')).toMatchObject({ phase: 'queued' })
    const other = createHttpRunSource({ baseUrl: hub.url, token: await hub.token('worker', 'publish') })
    const again = await claim(other)
    expect(again.fence).toBe(2)
    await again.writer.write(note(1))
    await other.close()
    expect((await log()).slice(-2)).toEqual(['note', 'interrupted'])
  })
})

describe('a hub in trouble', () => {
  /** A worker whose requests fail as told: before they are sent, or after they were answered. */
  function troubled(plan: ('before' | 'after' | undefined)[]): RunSource {
    const failing: typeof fetch = async (input, init) => {
      const isAppend = typeof input === 'string' && input.endsWith('/events')
      const step = isAppend ? plan.shift() : undefined
      if (step === 'before') throw new TypeError('fetch failed')
      const response = await fetch(input, init)
      if (step === 'after') throw new TypeError('fetch failed')
      return response
    }
    return createHttpRunSource({
      baseUrl: hub.url,
      token: () => hub.token('worker', 'publish'),
      fetch: failing,
    })
  }

  test('L7 gets each event once', async () => {
    const worker = troubled(['before', 'after', undefined, 'after'])
    const { writer } = await claim(worker)
    for (let n = 0; n < 4; n++) await writer.write(note(n))
    await writer.complete()
    expect(await log()).toEqual([
      'user_message',
      'run_queued',
      'run_started',
      ...Array.from({ length: 4 }, () => 'note'),
      'completed',
    ])
    await worker.close()
  })

  test('L6 gets the terminal event once, though its answer was lost', async () => {
    const worker = troubled(['after'])
    const { writer } = await claim(worker)
    await writer.complete()
    expect((await log()).filter((event) => event === 'completed')).toHaveLength(1)
    await worker.close()
  })

  test('L5 keeps the end that came first when the answer to the other was lost', async () => {
    const worker = troubled(['before'])
    const { writer } = await claim(worker)
    const completing = writer.complete()
    await hub.call('POST', '/api/sessions/s1/runs/r_m1/cancel')
    await completing
    expect((await log()).slice(3)).toEqual(['cancelled'])
    await worker.close()
  })

  test('is told to whoever claims', async () => {
    const gone = createHttpRunSource({ baseUrl: 'http://127.0.0.1:1', token: 'x' })
    await expect(gone.claim({ waitMs: 0, signal: never })).rejects.toMatchObject({
      code: 'network_error',
      retryable: true,
    })
    const guest = createHttpRunSource({ baseUrl: hub.url, token: await hub.token('ada') })
    await expect(guest.claim({ waitMs: 0, signal: never })).rejects.toMatchObject({
      code: 'auth_error',
      retryable: false,
    })
  })

  test('L1 L9 ends the run of a worker that was killed, and fences it off', async () => {
    const dead = new AbortController()
    const dying: typeof fetch = (input, init) => {
      if (dead.signal.aborted) return new Promise<Response>(() => undefined)
      return fetch(input, {
        ...init,
        signal: AbortSignal.any([dead.signal, ...(init?.signal ? [init.signal] : [])]),
      })
    }
    const worker = createHttpRunSource({
      baseUrl: hub.url,
      token: () => hub.token('worker', 'publish'),
      fetch: dying,
    })
    const { writer } = await claim(worker)
    await writer.write({
      type: 'message_started',
      messageId: 'a',
      parentId: 'm1',
      data: { messageId: 'a', role: 'assistant' },
    })
    await writer.write({
      type: 'message_chunk',
      data: { messageId: 'a', content: 'Some', isComplete: false },
    })
    dead.abort()
    await expect.poll(async () => (await log()).at(-1)).toBe('interrupted')
    const { json } = await hub.call('GET', '/api/sessions/s1')
    expect(digList(json, 'state', 'messages').at(-1)).toMatchObject({
      content: 'Some',
      status: 'interrupted',
    })
    expect(writer.signal.aborted).toBe(true)
  })
})
