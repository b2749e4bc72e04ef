import { parseEnvelope } from '@throughline/protocol'
import type { Frame } from '@throughline/protocol'
import { describe, expect, it } from 'vitest'
import type { SessionCursor, Transport } from '../transports/transport.ts'
import type { FakeEnvironment } from './fake-environment.ts'
import { settle } from './fake-clock.ts'
import type { FakeHub } from './fake-hub.ts'

/** A transport under test and the hub behind it. */
export interface TransportWorld {
  readonly transport: Transport
  readonly hub: FakeHub
  readonly environment: FakeEnvironment
}

/** What a kind of transport can and cannot do. */
export interface TransportTraits {
  /** Whether refusals show their status. */
  readonly seesStatus: boolean
  /** Whether one attempt holds one connection that can break. */
  readonly streams: boolean
}

/**
 * What any transport must do: one attempt, frames in order, ends and failures told apart, nothing left behind.
 * @param create a world of its own for each case
 */
export function testTransport(name: string, create: () => TransportWorld, traits: TransportTraits): void {
  describe(`${name} is a transport`, () => {
    it('joins without a cursor: snapshot, then caught_up', async () => {
      const reading = read(create(), [{ sessionId: 's1' }])
      await reading.until('caught_up')
      expect(reading.types()).toEqual(['snapshot', 'caught_up'])
      expect(reading.opened()).toBe(1)
      await reading.stop()
    })

    it('continues after a cursor with what is missing, in order, then live', async () => {
      const world = create()
      for (const title of ['a', 'b', 'c'])
        world.hub.append('s1', { type: 'session_updated', data: { title } })
      const reading = read(world, [{ sessionId: 's1', after: 'epoch0001-1' }])
      await reading.until('caught_up')
      world.hub.append('s1', { type: 'session_updated', data: { title: 'd' } })
      await reading.until('session_updated', 3)
      const offsets = reading.frames.filter(({ event }) => event === 'session_updated').map(({ id }) => id)
      expect(offsets).toEqual(['epoch0001-2', 'epoch0001-3', 'epoch0001-4'])
      await reading.stop()
    })

    it('tells a reset before the snapshot', async () => {
      const world = create()
      world.hub.append('s1', { type: 'session_updated', data: { title: 'a' } })
      const reading = read(world, [{ sessionId: 's1', after: 'other0001-9' }])
      await reading.until('caught_up')
      expect(reading.types()).toEqual(['reset', 'snapshot', 'caught_up'])
      await reading.stop()
    })

    it('carries several sessions, each from its own place', async () => {
      const world = create()
      world.hub.append('s1', { type: 'session_updated', data: { title: 'a' } })
      world.hub.append('s1', { type: 'session_updated', data: { title: 'b' } })
      const reading = read(world, [{ sessionId: 's1', after: 'epoch0001-1' }, { sessionId: 's2' }])
      await reading.until('caught_up', 2)
      const seen = reading.frames.map(({ event, data }) => [event, parseEnvelope(data)?.sessionId])
      expect(seen).toContainEqual(['session_updated', 's1'])
      expect(seen).toContainEqual(['snapshot', 's2'])
      expect(seen).not.toContainEqual(['snapshot', 's1'])
      await reading.stop()
    })

    it('stops at an abort and leaves nothing behind', async () => {
      const world = create()
      const reading = read(world, [{ sessionId: 's1' }])
      await reading.until('caught_up')
      await reading.stop()
      const asked = world.hub.requests.length
      world.hub.append('s1', { type: 'session_updated', data: { title: 'late' } })
      await world.environment.advance(60_000)
      expect([world.hub.readers, world.environment.pending]).toEqual([0, 0])
      expect(world.hub.requests).toHaveLength(asked)
      expect(reading.types()).not.toContain('session_updated')
    })

    it('fails as the network does when nothing is there, and does not try again', async () => {
      const world = create()
      world.hub.down()
      const reading = read(world, [{ sessionId: 's1' }])
      expect(await reading.outcome(world)).toBeInstanceOf(Error)
      expect(reading.opened()).toBe(0)
      const asked = world.hub.requests.length
      await world.environment.advance(60_000)
      expect(world.hub.requests).toHaveLength(asked)
    })

    if (traits.seesStatus) {
      it('throws a refusal with its status and Retry-After', async () => {
        const world = create()
        world.hub.refuse(503, { 'retry-after': '7' })
        const error = await read(world, [{ sessionId: 's1' }]).outcome(world)
        expect(error).toMatchObject({ name: 'StreamError', status: 503, retryAfterMs: 7_000 })
      })
    }

    if (traits.streams) {
      it('tells a broken stream from one that the server ended', async () => {
        const broken = create()
        const first = read(broken, [{ sessionId: 's1' }])
        await first.until('caught_up')
        broken.hub.drop('break')
        expect(await first.outcome(broken)).toBeInstanceOf(Error)
        expect(broken.hub.requests).toHaveLength(1)
      })
    }
  })
}

interface Reading {
  readonly frames: readonly Frame[]
  types(): readonly string[]
  opened(): number
  /** Lets it read until this type came so many times. */
  until(type: string, times?: number): Promise<void>
  stop(): Promise<void>
  /** How the attempt ended. */
  outcome(world: TransportWorld): Promise<unknown>
}

function read(world: TransportWorld, cursors: readonly SessionCursor[]): Reading {
  const controller = new AbortController()
  const frames: Frame[] = []
  let opened = 0
  const done = (async () => {
    const { signal } = controller
    const onOpen = (): void => {
      if (opened === 0) expect(frames).toEqual([])
      opened = 1
    }
    for await (const frame of world.transport.open({ cursors, signal, onOpen })) frames.push(frame)
    return 'ended'
  })().catch((error: unknown) => error)
  const types = (): readonly string[] => frames.map(({ event }) => event)
  return {
    frames,
    types,
    opened: () => opened,
    async until(type, times = 1) {
      for (let turn = 0; turn < 100; turn++) {
        if (types().filter((other) => other === type).length >= times) return
        await world.environment.advance(100)
      }
      throw new Error(`${type} did not come; what came: ${types().join(', ')}`)
    },
    async stop() {
      controller.abort()
      await done
      await settle()
    },
    async outcome({ environment }) {
      await environment.advance(1_000)
      return done
    },
  }
}
