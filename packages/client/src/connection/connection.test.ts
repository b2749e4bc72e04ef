import { describe, expect, it } from 'vitest'
import type { Envelope } from '@throughline/protocol'
import { createFakeEnvironment } from '../testing/fake-environment.ts'
import type { Transport } from '../transports/transport.ts'
import { createConnection } from './connection.ts'
import { createConnectionWorld } from '../testing/connection-world.ts'
import { makeEnvelopes } from '../testing/envelopes.ts'

describe('an attempt', () => {
  it('begins once, is accepted, catches up and is live', async () => {
    const { connection, stream, events, status, environment } = createConnectionWorld()
    expect(status()).toBe('idle')
    connection.start()
    connection.start()
    await environment.advance(0)
    expect([status(), stream.attempts.length]).toEqual(['connecting', 1])
    stream.last.accept()
    expect(status()).toBe('replaying')
    stream.last.send(events.caughtUp())
    await environment.advance(0)
    expect(status()).toBe('live')
  })

  it('reads the cursors anew each time', async () => {
    const { goLive, stream, world, environment, connection } = createConnectionWorld()
    await goLive()
    world.after = 'epoch000-7'
    stream.last.end()
    await environment.advance(500)
    expect(stream.attempts.map(({ cursors }) => cursors)).toEqual([
      [{ sessionId: 's1' }],
      [{ sessionId: 's1', after: 'epoch000-7' }],
    ])
    connection.close()
  })

  it('waits for every session of several to catch up, and counts a closed one', async () => {
    const { connection, sessions, stream, status, environment, events } = createConnectionWorld()
    sessions.push('s2', 's3')
    connection.start()
    await environment.advance(0)
    stream.last.send(events.caughtUp())
    stream.last.send(makeEnvelopes('s2').control('session_closed', { code: 'not_found' }))
    await environment.advance(0)
    expect(status()).toBe('replaying')
    stream.last.send(makeEnvelopes('s3').caughtUp())
    await environment.advance(0)
    expect(status()).toBe('live')
  })

  it('I3 is not listened to any longer once it was left, whatever it still gives out', async () => {
    const environment = createFakeEnvironment()
    const { caughtUp, stored } = makeEnvelopes('s1')
    const received: string[] = []
    let give: (envelopes: readonly Envelope[]) => void = () => undefined
    const deaf: Transport = {
      name: 'deaf',
      async *open() {
        // It has more at hand than was asked for, and does not know of the end.
        const envelopes = await new Promise<readonly Envelope[]>((resolve) => (give = resolve))
        for (const envelope of envelopes) {
          yield { event: envelope.type, data: JSON.stringify(envelope), id: envelope.id ?? '' }
        }
      },
    }
    const connection = createConnection({
      environment,
      transports: { stream: deaf },
      canPoll: false,
      backoff: {},
      timeoutMs: 10_000,
      heartbeatMs: 15_000,
      refresh: () => Promise.resolve('denied'),
      sink: {
        cursors: () => [{ sessionId: 's1' }],
        forget: () => undefined,
        receive({ type }) {
          received.push(type)
          if (type === 'session_updated') connection.pause('user')
          return true
        },
        full: () => undefined,
        isBusy: () => false,
      },
    })
    connection.start()
    await environment.advance(0)
    give([caughtUp(), stored('session_updated', { title: 'a' }), stored('session_updated', { title: 'b' })])
    await environment.advance(1_000)
    expect(received).toEqual(['caught_up', 'session_updated'])
    connection.close()
  })

  it('I3 says nothing any longer once it was left', async () => {
    const { goLive, stream, connection, environment, received, events } = createConnectionWorld()
    await goLive()
    connection.pause('user')
    const [first] = stream.attempts
    const before = received.length
    first?.send(events.stored('session_updated', { title: 'late' }))
    first?.end()
    await environment.advance(60_000)
    expect(first?.aborted).toBe(true)
    expect(received).toHaveLength(before)
    expect(connection.getState().status).toBe('paused')
    expect(stream.attempts).toHaveLength(1)
  })

  it('counts as failed when nothing answers within the time-out', async () => {
    const { connection, environment, status, stream } = createConnectionWorld()
    connection.start()
    await environment.advance(9_999)
    expect(status()).toBe('connecting')
    await environment.advance(1)
    expect(status()).toBe('waiting')
    expect(stream.last.aborted).toBe(true)
    expect(connection.getState().error?.code).toBe('network_error')
  })
})

describe('retrying', () => {
  it('backs off further with each failure, for ever', async () => {
    const { connection, nextAttempt, environment, stream } = createConnectionWorld()
    const waits: number[] = []
    connection.start()
    for (let failures = 1; failures <= 50; failures++) {
      await environment.advance(0)
      stream.last.refuse(503)
      await environment.advance(0)
      const { status, attempt, retryAt } = connection.getState()
      expect([status, attempt]).toEqual(['waiting', failures])
      waits.push((retryAt ?? 0) - environment.now())
      await nextAttempt()
    }
    expect(waits.every((wait, failures) => wait <= Math.min(30_000, 500 * 2 ** failures))).toBe(true)
    expect(Math.max(...waits)).toBeGreaterThan(20_000)
  })

  it('I7 forgets failures after 5 s open with an event, not before', async () => {
    const { goLive, connection, environment, stream, events, beat } = createConnectionWorld()
    await goLive()
    stream.last.end()
    await environment.advance(500)
    stream.last.send(events.caughtUp())
    await environment.advance(4_000)
    stream.last.end()
    await environment.advance(0)
    expect(connection.getState().attempt).toBe(2)
    await environment.advance(1_000)
    stream.last.send(events.caughtUp())
    await beat(5_001)
    stream.last.end()
    await environment.advance(0)
    expect(connection.getState().attempt).toBe(1)
  })

  it('keeps to Retry-After', async () => {
    const { connection, environment, stream, status } = createConnectionWorld()
    connection.start()
    await environment.advance(0)
    stream.last.refuse(429, 60_000)
    await environment.advance(59_999)
    expect([status(), stream.attempts.length]).toEqual(['waiting', 1])
    await environment.advance(501)
    expect(stream.attempts).toHaveLength(2)
  })

  it('gives up when the caller set a limit, and tries again when asked', async () => {
    const { connection, environment, stream, status } = createConnectionWorld({
      backoff: { maxReconnectAttempts: 2 },
    })
    connection.start()
    for (let tries = 0; tries < 3; tries++) {
      await environment.advance(2_000)
      stream.last.refuse(503)
    }
    await environment.advance(0)
    expect(status()).toBe('failed')
    expect(connection.getState().error?.code).toBe('max_reconnect_reached')
    await environment.advance(3_600_000)
    expect(stream.attempts).toHaveLength(3)
    connection.retryNow()
    await environment.advance(0)
    expect(stream.attempts).toHaveLength(4)
  })

  it('comes back when the hub said, without counting it a failure', async () => {
    const { goLive, connection, environment, stream, events } = createConnectionWorld()
    await goLive()
    stream.last.send(events.control('reconnect', { afterMs: 3_000 }))
    await environment.advance(2_999)
    expect([connection.getState().attempt, stream.attempts.length]).toEqual([0, 1])
    await environment.advance(1)
    expect(stream.attempts).toHaveLength(2)
  })
})

describe('statuses', () => {
  for (const [code, status] of [
    [204, 'ended'],
    [403, 'failed'],
    [404, 'failed'],
    [410, 'failed'],
    [400, 'failed'],
  ] as const) {
    it(`${String(code)} is an end: ${status}`, async () => {
      const { connection, environment, stream } = createConnectionWorld()
      connection.start()
      await environment.advance(0)
      stream.last.refuse(code)
      await environment.advance(600_000)
      expect(connection.getState().status).toBe(status)
      expect(stream.attempts).toHaveLength(1)
    })
  }

  it('200 without a stream, as a captive portal gives, fails after 3', async () => {
    const { connection, environment, stream, status } = createConnectionWorld()
    connection.start()
    for (let tries = 1; tries <= 3; tries++) {
      await environment.advance(5_000)
      expect(stream.attempts).toHaveLength(tries)
      stream.last.refuse(200)
    }
    await environment.advance(60_000)
    expect([status(), stream.attempts.length]).toEqual(['failed', 3])
  })

  it('I9 401 refreshes once and goes on', async () => {
    const { connection, environment, stream, calls, events, status } = createConnectionWorld({
      outcomes: ['renewed'],
    })
    connection.start()
    await environment.advance(0)
    stream.last.refuse(401)
    await environment.advance(0)
    expect([calls.refreshes, stream.attempts.length]).toEqual([1, 2])
    stream.last.send(events.caughtUp())
    await environment.advance(0)
    expect(status()).toBe('live')
  })

  it('I9 a second 401 after the refresh fails', async () => {
    const { connection, environment, stream, calls, status } = createConnectionWorld({
      outcomes: ['renewed', 'renewed'],
    })
    connection.start()
    await environment.advance(0)
    stream.last.refuse(401)
    await environment.advance(0)
    stream.last.refuse(401)
    await environment.advance(60_000)
    expect([status(), calls.refreshes, stream.attempts.length]).toEqual(['failed', 1, 2])
  })

  it('a refresh that is denied fails, one that cannot be asked is tried again', async () => {
    const denied = createConnectionWorld({ outcomes: ['denied'] })
    denied.connection.start()
    await denied.environment.advance(0)
    denied.stream.last.refuse(401)
    await denied.environment.advance(60_000)
    expect(denied.connection.getState().error?.code).toBe('auth_error')
    const far = createConnectionWorld({ outcomes: ['unreachable', 'renewed'] })
    far.connection.start()
    await far.environment.advance(0)
    far.stream.last.refuse(401)
    await far.environment.advance(500)
    expect([far.status(), far.stream.attempts.length]).toEqual(['connecting', 2])
  })

  it('409 drops the cursors and joins anew', async () => {
    const { connection, environment, stream, calls } = createConnectionWorld()
    connection.start()
    await environment.advance(0)
    stream.last.refuse(409)
    await environment.advance(0)
    expect([connection.getState().status, calls.forgets, stream.attempts.length]).toEqual(['resyncing', 1, 2])
  })
})
