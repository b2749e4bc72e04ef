import { describe, expect, it } from 'vitest'
import { createConnectionWorld } from '../testing/connection-world.ts'
import { createFakeEnvironment } from '../testing/fake-environment.ts'
import { createConnection } from './connection.ts'
import { makeEnvelopes } from '../testing/envelopes.ts'

describe('an attempt that was left', () => {
  it('I3 hands nothing on any longer, though its transport has more', async () => {
    const environment = createFakeEnvironment()
    const received: string[] = []
    const held = { full: (): void => undefined }
    const events = makeEnvelopes('s1')
    const connection = createConnection({
      environment,
      canPoll: false,
      backoff: {},
      timeoutMs: 10_000,
      heartbeatMs: 15_000,
      refresh: () => Promise.resolve('denied'),
      transports: {
        stream: {
          name: 'heedless',
          async *open({ onOpen }) {
            onOpen?.()
            for (;;) yield { event: 'x', id: '', data: JSON.stringify(events.stored('session_updated', {})) }
          },
        },
      },
      sink: {
        cursors: () => [{ sessionId: 's1' }],
        forget: () => undefined,
        isBusy: () => false,
        receive: ({ id }) => received.push(id ?? '') > 0,
        full: () => new Promise((resolve) => (held.full = resolve)),
      },
    })
    connection.start()
    await environment.advance(0)
    connection.pause('user')
    held.full()
    await environment.advance(0)
    expect(received).toEqual(['epoch000-1'])
  })
})

describe('loss', () => {
  it('I12 joins anew at once, and backs off when that does not last', async () => {
    const { goLive, connection, environment, stream, status } = createConnectionWorld()
    await goLive()
    connection.resync()
    expect(status()).toBe('resyncing')
    await environment.advance(0)
    for (let times = 0; times < 100; times++) {
      stream.last.accept()
      connection.resync()
      await environment.advance(100)
    }
    expect(stream.attempts.length).toBeLessThan(12)
  })

  it('an event that the sink cannot follow joins anew', async () => {
    const { goLive, stream, world, events, environment, status } = createConnectionWorld()
    await goLive()
    world.whole = false
    stream.last.send(events.stored('session_updated', {}))
    await environment.advance(0)
    expect([status(), stream.attempts.length]).toEqual(['resyncing', 2])
  })

  it('a reset is told in-band: the same attempt goes on', async () => {
    const { goLive, stream, events, environment, status } = createConnectionWorld()
    await goLive()
    stream.last.send(events.control('reset', { reason: 'epoch', head: events.head }))
    await environment.advance(0)
    expect(status()).toBe('resyncing')
    stream.last.send(events.caughtUp())
    await environment.advance(0)
    expect([status(), stream.attempts.length]).toEqual(['live', 1])
  })
})

describe('another set of sessions', () => {
  it('opens beside the old attempt and drops that once caught up', async () => {
    const { goLive, connection, sessions, stream, status, events, environment } = createConnectionWorld()
    await goLive()
    sessions.push('s2')
    connection.change()
    await environment.advance(0)
    const [old, next] = stream.attempts
    expect([status(), old?.aborted, next?.cursors.length]).toEqual(['live', false, 2])
    next?.send(events.caughtUp())
    await environment.advance(0)
    expect(old?.aborted).toBe(false)
    next?.send(makeEnvelopes('s2').caughtUp())
    await environment.advance(0)
    expect([status(), old?.aborted, next?.aborted]).toEqual(['live', true, false])
  })

  it('starts over when the second attempt does not answer', async () => {
    const { goLive, beat, connection, stream, status } = createConnectionWorld()
    await goLive()
    connection.change()
    const [old] = stream.attempts
    old?.touch()
    await beat(10_000)
    expect([status(), old?.aborted, stream.attempts[1]?.aborted]).toEqual(['waiting', true, true])
  })

  it('new credentials are taken over the same way before the old ones end', async () => {
    const { goLive, stream, events, environment, calls, status } = createConnectionWorld({
      outcomes: ['renewed'],
    })
    await goLive()
    stream.last.send(events.control('auth_expiring', { expiresAt: 1 }))
    await environment.advance(0)
    expect([status(), calls.refreshes, stream.attempts.length]).toEqual(['live', 1, 2])
    stream.last.send(events.caughtUp())
    await environment.advance(0)
    expect([status(), stream.attempts[0]?.aborted]).toEqual(['live', true])
  })
})

describe('the poll lane', () => {
  const deaf = async ({
    environment,
    stream,
    connection,
  }: ReturnType<typeof createConnectionWorld>): Promise<void> => {
    connection.start()
    for (let tries = 0; tries < 3; tries++) {
      await environment.advance(2_000)
      stream.last.accept()
      await environment.advance(25_000)
    }
  }

  it('P9 three mute answers take it', async () => {
    const world = createConnectionWorld({ poll: true })
    await deaf(world)
    expect([world.stream.attempts.length, world.polling.attempts.length]).toEqual([3, 1])
    expect(world.connection.getState().lane).toBe('poll')
  })

  it('a refused connection does not, however often', async () => {
    const { connection, environment, nextAttempt, stream, polling } = createConnectionWorld({ poll: true })
    connection.start()
    for (let tries = 0; tries < 20; tries++) {
      await environment.advance(0)
      stream.last.end()
      await nextAttempt()
    }
    expect(polling.attempts).toHaveLength(0)
  })

  it('tries the stream every 5 min and keeps polling until that has caught up', async () => {
    const world = createConnectionWorld({ poll: true })
    const { environment, stream, polling, events, connection, status } = world
    await deaf(world)
    polling.last.send(events.caughtUp())
    const pollFor = async (ms: number): Promise<void> => {
      for (let left = ms; left > 0; left -= 10_000) {
        polling.last.touch()
        await environment.advance(10_000)
      }
    }
    await pollFor(310_000)
    expect([status(), stream.attempts.length]).toEqual(['live', 4])
    expect(stream.last.aborted).toBe(true)
    expect(polling.last.aborted).toBe(false)
    await pollFor(300_000)
    expect(stream.attempts).toHaveLength(5)
    stream.last.send(events.caughtUp())
    await environment.advance(0)
    expect([status(), connection.getState().lane, polling.last.aborted]).toEqual(['live', 'stream', true])
  })
})
