import { describe, expect, it } from 'vitest'
import type { StreamErrorCode } from '@throughline/protocol'
import type { StreamClientOptions } from '../stream-client.ts'
import { createClientWorld } from '../testing/client-world.ts'

type World = ReturnType<typeof createClientWorld>

interface Recovery {
  readonly code: StreamErrorCode
  readonly options?: StreamClientOptions
  /** What goes wrong, on a connection that is live. */
  fail(world: World): unknown
  /** How the connection stands then. */
  readonly status: 'waiting' | 'failed'
  /** The least time that has to pass before it tries by itself, ms. */
  readonly atLeastMs?: number
  /** What a person or the world does about it; absent where the client does it alone. */
  mend?(world: World): unknown
}

/** The specification's six types, each with the recovery it asks for. */
const RECOVERIES: readonly Recovery[] = [
  {
    code: 'network_error',
    fail: ({ hub }) => {
      hub.down()
    },
    status: 'waiting',
    mend: ({ hub }) => {
      hub.down(false)
    },
  },
  {
    code: 'auth_error',
    options: { userId: 'user-1', local: 'off' },
    fail: ({ hub }) => {
      // The stream, and then the one refresh.
      hub.refuse(401)
      hub.refuse(401)
      hub.drop()
    },
    status: 'failed',
    mend: ({ client, advance }) => Promise.all([client.auth.guest(), advance(100)]),
  },
  {
    code: 'session_expired',
    fail: ({ hub }) => {
      hub.refuse(410, {}, { title: 'The session has expired.', status: 410, code: 'session_expired' })
      hub.drop()
    },
    status: 'failed',
    mend: ({ session }) => {
      session.connection.retryNow()
    },
  },
  {
    code: 'server_error',
    fail: ({ hub }) => {
      hub.refuse(503, { 'retry-after': '7' })
      hub.drop()
    },
    status: 'waiting',
    atLeastMs: 6_000,
  },
  {
    code: 'heartbeat_timeout',
    fail: ({ hub }) => {
      hub.mute()
    },
    status: 'waiting',
    mend: ({ hub }) => {
      hub.mute(false)
    },
  },
  {
    code: 'max_reconnect_reached',
    options: { backoff: { maxReconnectAttempts: 2 } },
    fail: ({ hub, advance }) => {
      hub.down()
      return advance(10_000).then(() => {
        hub.down(false)
      })
    },
    status: 'failed',
    mend: ({ session }) => {
      session.connection.retryNow()
    },
  },
]

describe('each type of error reaches the application once, and its recovery is carried out', () => {
  it.each(RECOVERIES)('$code', async ({ code, options = {}, fail, status, atLeastMs, mend }) => {
    const world = createClientWorld(options)
    const { hub, session, watch, advance, environment } = world
    await watch()
    const told: string[] = []
    let last: string | null = null
    session.connection.subscribe(() => {
      const view = session.connection.getSnapshot()
      if (view.code !== null && view.code !== last) told.push(`${view.code} ${view.status}`)
      last = view.code
    })
    await fail(world)
    const streams = world.streams()
    // Until it is told; what came before the last (a cut, an attempt in vain) is another type's row.
    for (let turn = 0; turn < 4_000 && !told.includes(`${code} ${status}`); turn++) await advance(10)
    expect(session.connection.getSnapshot()).toMatchObject({ status, code, error: { code } })
    if (atLeastMs !== undefined) {
      const before = world.streams()
      await advance(atLeastMs)
      expect(world.streams()).toBe(before)
    }
    if (status === 'failed') {
      await advance(600_000)
      expect(session.connection.getSnapshot().status).toBe('failed')
    }
    await mend?.(world)
    await world.beat(40_000)
    expect(session.connection.getSnapshot()).toMatchObject({ status: 'open', phase: 'live', code: null })
    expect(world.streams()).toBeGreaterThan(streams - 1)
    expect(told.filter((one) => one === `${code} ${status}`)).toEqual([`${code} ${status}`])
    hub.append('s1', { type: 'session_updated', data: { title: 'after it all' } })
    await advance(100)
    expect(session.getSnapshot().conversation).toEqual(hub.stream('s1').state)
    expect(environment.errors).toEqual([])
  })

  it('auth_error: what was written meanwhile is kept, and sent once somebody is signed in', async () => {
    const { hub, session, client, watch, advance } = createClientWorld({ userId: 'user-1', local: 'off' })
    await watch()
    for (let times = 0; times < 4; times++) hub.refuse(401)
    hub.drop()
    await advance(2_000)
    void session.send({ content: 'the draft' })
    await advance(2_000)
    expect(session.connection.getSnapshot()).toMatchObject({ status: 'failed', code: 'auth_error' })
    expect(session.getSnapshot().outgoing).toMatchObject([{ content: 'the draft', state: 'sending' }])
    await Promise.all([client.auth.guest(), advance(100)])
    await advance(2_000)
    expect(hub.stream('s1').state.messages.map(({ content }) => content)).toEqual(['the draft'])
  })

  it('a refresh that works is nobody’s business', async () => {
    const { hub, session, watch, advance } = createClientWorld()
    await watch()
    const codes = new Set<unknown>()
    session.connection.subscribe(() => codes.add(session.connection.getSnapshot().code))
    hub.refuse(401)
    hub.drop()
    await advance(3_000)
    expect(session.connection.getSnapshot()).toMatchObject({ status: 'open', phase: 'live' })
    expect(codes.has('auth_error')).toBe(false)
  })
})
