import { formatCursor, type Envelope } from '@throughline/protocol'
import { expect, it } from 'vitest'
import { createHubWorld, settle, type HubWorldOptions } from './testing/hub-world.ts'

const isHeartbeat = ({ type }: Envelope): boolean => type === 'heartbeat'

async function worldOf(options?: HubWorldOptions) {
  const world = createHubWorld(options)
  await world.createSession('a')
  return world
}

it('writes a heartbeat with the heads every heartbeatMs, to readers who were given everything', async () => {
  const world = await worldOf({ random: () => 1 })
  const { sink } = world.join('a')
  await settle()
  await world.append('a', 2)
  await world.pass(14_000)
  expect(sink.envelopes.at(-1)?.type).toBe('note')
  await world.pass(1_000)
  const head = formatCursor(await world.log.head('a'))
  expect(sink.envelopes.at(-1)).toMatchObject({
    type: 'heartbeat',
    sessionId: 'a',
    data: { heads: { a: head } },
  })
  await world.pass(15_000)
  expect(sink.envelopes.filter(({ type }) => type === 'heartbeat')).toHaveLength(2)
})

it('announces with caught_up how often it will be heard, and keeps to it', async () => {
  const world = await worldOf({ heartbeatMs: 40_000, random: () => 1 })
  const { sink } = world.join('a')
  await settle()
  expect(sink.envelopes.at(-1)).toMatchObject({ type: 'caught_up', data: { heartbeatMs: 40_000 } })
  await world.pass(39_000)
  expect(sink.envelopes.at(-1)?.type).toBe('caught_up')
  await world.pass(1_000)
  expect(sink.envelopes.at(-1)?.type).toBe('heartbeat')
})

it('R3 readers that came at once are heard of one after the other, none later than announced', async () => {
  let draw = 0
  const world = await worldOf({ random: () => (draw = (draw + 0.137) % 1) })
  const sinks = Array.from({ length: 100 }, () => world.join('a').sink)
  await settle()
  const beats = (): number => sinks.flatMap(({ envelopes }) => envelopes.filter(isHeartbeat)).length
  let [most, before] = [0, 0]
  for (let ms = 0; ms < 15_000; ms += 250) {
    await world.pass(250)
    most = Math.max(most, beats() - before)
    before = beats()
  }
  expect(sinks.every(({ envelopes }) => envelopes.some(isHeartbeat))).toBe(true)
  expect(most).toBeLessThan(15)
})

it('gives what a window holds back before the heartbeat that tells its head', async () => {
  const world = await worldOf({ coalesceMs: 60_000 })
  const { sink } = world.join('a')
  await settle()
  await world.append('a')
  await world.append('a')
  expect(sink.envelopes.at(-1)?.data).toEqual({ n: 1 })
  await world.pass(15_000)
  expect(sink.envelopes.slice(-2).map(({ type, data }) => [type, data])).toMatchObject([
    ['note', { n: 2 }],
    ['heartbeat', { heads: { a: formatCursor(await world.log.head('a')) } }],
  ])
})

it('writes nothing to a blocked reader and goes on exactly where it stopped', async () => {
  const world = await worldOf()
  const { sink } = world.join('a')
  await settle()
  sink.block()
  await world.append('a', 3)
  await world.append('a', 3)
  await world.pass(20_000)
  expect(world.hub.stats().blocked).toBe(1)
  sink.drain()
  await settle()
  const notes = sink.envelopes.filter(({ type }) => type === 'note')
  expect(notes.map(({ data }) => data)).toEqual([1, 2, 3, 4, 5, 6].map((n) => ({ n })))
  expect(world.hub.stats().blocked).toBe(0)
})

it('S1 closes a reader that stays blocked for longer than blockedMs', async () => {
  const world = await worldOf({ blockedMs: 5_000 })
  const { sink, subscriber } = world.join('a')
  await settle()
  sink.block()
  await world.append('a')
  await world.pass(4_900)
  expect(sink.closedWith).toBeUndefined()
  await world.pass(400)
  expect(sink.closedWith).toBe('lagging')
  expect(await subscriber.closed).toBe('lagging')
  expect(world.hub.stats()).toMatchObject({ subscribers: 0, streams: 0, closes: { lagging: 1 } })
})

it('a reader that drains now and then is slow, not dead', async () => {
  const world = await worldOf({ blockedMs: 5_000 })
  const { sink } = world.join('a')
  await settle()
  for (let round = 0; round < 5; round++) {
    sink.block()
    await world.append('a')
    await world.pass(4_000)
    sink.drain()
  }
  expect(sink.closedWith).toBeUndefined()
})

it.each([
  ['60 s', 600_000, 540_000],
  ['a third of its life', 90_000, 60_000],
])('A3 warns %s before the token ends and closes when it does', async (_name, lifeMs, warnMs) => {
  const world = await worldOf()
  const expiresAt = 1_700_000_000_000 + world.timers.monotonic() + lifeMs
  const { sink, subscriber } = world.join('a', { expiresAt })
  await settle()
  await world.pass(warnMs - 300)
  expect(sink.envelopes.map(({ type }) => type)).not.toContain('auth_expiring')
  await world.pass(600)
  expect(sink.envelopes.filter(({ type }) => type === 'auth_expiring')).toMatchObject([
    { data: { expiresAt } },
  ])
  await world.pass(lifeMs - warnMs - 600)
  expect(sink.closedWith).toBeUndefined()
  await world.pass(500)
  expect(await subscriber.closed).toBe('expired')
})

it('A3 closes at once when the login is revoked: one login, or all of a user', async () => {
  const world = await worldOf()
  const phone = world.join('a', { sid: 'phone' }).sink
  const laptop = world.join('a', { sid: 'laptop' }).sink
  const other = world.join('a', { userId: 'bob', sid: 'phone' }).sink
  await settle()
  world.log.publish({ kind: 'revoked', userId: 'ada', sid: 'phone' })
  await settle()
  expect([phone, laptop, other].map(({ closedWith }) => closedWith)).toEqual([
    'revoked',
    undefined,
    undefined,
  ])
  world.log.publish({ kind: 'revoked', userId: 'ada' })
  await settle()
  expect([laptop, other].map(({ closedWith }) => closedWith)).toEqual(['revoked', undefined])
  expect(world.hub.count('ada')).toBe(0)
  expect(world.hub.count('bob')).toBe(1)
  expect(world.hub.count()).toBe(1)
})

it('ends a stream after its lifetime, jittered by a tenth, with a request to come back', async () => {
  const draws = [0, 1, 0.5]
  const world = await worldOf({ random: () => draws[0] ?? 0.5 })
  const early = world.join('a').sink
  draws.shift()
  const late = world.join('a').sink
  await settle()
  await world.pass(809_000)
  expect(early.closedWith).toBeUndefined()
  await world.pass(2_000)
  expect(early.closedWith).toBe('lifetime')
  expect(early.envelopes.at(-1)).toMatchObject({ type: 'reconnect', sessionId: 'a' })
  await world.pass(178_000)
  expect(late.closedWith).toBeUndefined()
  await world.pass(2_000)
  expect(late.closedWith).toBe('lifetime')
})

it('drain sends every reader away, spread, and those who come later too', async () => {
  const draws = Array.from({ length: 40 }, (_, i) => i / 40)
  const world = await worldOf({ random: () => draws.pop() ?? 0 })
  const readers = Array.from({ length: 5 }, () => world.join('a').sink)
  await settle()
  await world.hub.drain(4_000)
  await world.hub.drain(4_000)
  const waits = readers
    .map(({ envelopes }) => envelopes.at(-1))
    .map((last) => {
      expect(last?.type).toBe('reconnect')
      return (last?.data as { afterMs: number }).afterMs
    })
  expect(new Set(waits).size).toBe(5)
  expect(Math.max(...waits)).toBeLessThan(4_000)
  expect(readers.map(({ closedWith }) => closedWith)).toEqual(Array(5).fill('draining'))
  const late = world.join('a').sink
  expect(late.closedWith).toBe('draining')
  expect(late.envelopes).toMatchObject([{ type: 'reconnect' }])
  expect(world.timers.pending).toBe(0)
})

it('one timer serves all readers and none runs without readers', async () => {
  const world = await worldOf()
  expect(world.timers.pending).toBe(0)
  const readers = Array.from({ length: 300 }, () => world.join('a').sink)
  await settle()
  expect(world.timers.pending).toBe(1)
  for (const sink of readers) sink.leave()
  expect(world.timers.pending).toBe(0)
  expect(world.hub.stats()).toMatchObject({ subscribers: 0, streams: 0, closes: { left: 300 } })
})

it('greets with the retry time of native clients, jittered between 2 and 5 s', async () => {
  let draw = 0
  const world = await worldOf({ random: () => draw })
  expect(world.join('a').sink.others).toEqual(['throughline', 'retry 2000'])
  draw = 0.999
  expect(world.join('a').sink.others).toEqual(['throughline', 'retry 4997'])
})

it('a sink that throws ends its own stream and no other', async () => {
  const world = await worldOf()
  const broken = world.join('a').sink
  const sound = world.join('a').sink
  await settle()
  broken.write = () => {
    throw new Error('broken pipe')
  }
  await world.append('a')
  await settle()
  expect(broken.closedWith).toBe('failed')
  expect(sound.envelopes.at(-1)?.type).toBe('note')
  expect(world.errors).toHaveLength(1)
})
