import { REDUCER_VERSION, formatCursor, type Envelope } from '@throughline/protocol'
import { expect, it } from 'vitest'
import { createHubWorld, settle, type HubWorld } from './testing/hub-world.ts'

const offsets = (envelopes: readonly Envelope[]): number[] =>
  envelopes.flatMap(({ id, type }) =>
    id === undefined || type === 'snapshot' ? [] : [Number(id.split('-')[1])],
  )
const types = (envelopes: readonly Envelope[]): string[] => envelopes.map(({ type }) => type)

async function resume(world: HubWorld, after?: string): Promise<Envelope[]> {
  const { sink } = world.join([{ sessionId: 'a', ...(after !== undefined && { after }) }])
  await settle()
  sink.leave()
  return sink.envelopes
}

async function worldWith(count: number, options?: Parameters<typeof createHubWorld>[0]) {
  const world = createHubWorld(options)
  await world.createSession('a')
  if (count > 0) await world.append('a', count)
  const { epoch } = await world.log.head('a')
  return { world, cursor: (offset: number) => formatCursor({ epoch, offset }) }
}

it.each([1_000, 4_096, 1_048_576])(
  'R2 a known cursor gets exactly the rest, at every offset (ring %i)',
  async (ringBytes) => {
    const { world, cursor } = await worldWith(40, { ringBytes })
    // Somebody keeps the feed open, so that some readers are served from the ring and some from the log.
    world.join('a')
    await settle()
    await world.append('a', 40)
    for (let at = 0; at <= 80; at++) {
      const got = await resume(world, cursor(at))
      expect(offsets(got)).toEqual(Array.from({ length: 80 - at }, (_, i) => at + i + 1))
      expect(got.at(-1)).toMatchObject({ type: 'caught_up', data: { head: cursor(80) }, sessionId: 'a' })
      expect(types(got).filter((type) => type !== 'note')).toEqual(['caught_up'])
    }
    expect(world.hub.stats().resumes).toEqual({ continued: 81, snapshot: 1, reset: 0 })
    expect(world.errors).toEqual([])
  },
)

it('R2 no cursor gets the snapshot, whose last part carries the id, then what follows it', async () => {
  const { world, cursor } = await worldWith(3)
  expect(await resume(world)).toMatchObject([
    { type: 'snapshot', id: cursor(3), data: { part: 1, parts: 1, reducerVersion: REDUCER_VERSION } },
    { type: 'caught_up', data: { head: cursor(3) } },
  ])
})

it('R2 a session without events is joined at offset 0', async () => {
  const { world, cursor } = await worldWith(0)
  const got = await resume(world)
  expect(got).toMatchObject([
    { type: 'snapshot', id: cursor(0) },
    { type: 'caught_up', data: { head: cursor(0) } },
  ])
  await world.append('a')
  expect(offsets(await resume(world, cursor(0)))).toEqual([1])
})

it.each([
  ['another epoch', () => 'zzzzzzzzzz-2', 'epoch'],
  ['ahead of the head', (cursor: (offset: number) => string) => cursor(6), 'ahead'],
  ['empty', () => '', 'malformed'],
  ['nonsense', () => 'nonsense', 'malformed'],
  ['a negative offset', (cursor: (offset: number) => string) => cursor(-1), 'malformed'],
  ['a doubled header', (cursor: (offset: number) => string) => `${cursor(1)}, ${cursor(1)}`, 'malformed'],
  ['64 KiB', () => 'a'.repeat(65_536), 'malformed'],
] as const)('R2 a cursor that is %s is told to reset, then joins', async (_name, make, reason) => {
  const { world, cursor } = await worldWith(5)
  expect(await resume(world, make(cursor))).toMatchObject([
    { type: 'reset', data: { reason, head: cursor(5) } },
    { type: 'snapshot', id: cursor(5) },
    { type: 'caught_up', data: { head: cursor(5) } },
  ])
  expect(world.hub.stats().resumes).toEqual({ continued: 0, snapshot: 0, reset: 1 })
})

it("R2 another session's cursor resets", async () => {
  const { world } = await worldWith(5)
  await world.createSession('b')
  await world.append('b', 5)
  const other = formatCursor(await world.log.head('b'))
  expect((await resume(world, other))[0]).toMatchObject({ type: 'reset', data: { reason: 'epoch' } })
})

it('R2 a trimmed cursor resets; the first one that was not trimmed continues', async () => {
  const { world, cursor } = await worldWith(20)
  await world.driver.trim('a', 11)
  expect((await resume(world, cursor(9)))[0]).toMatchObject({ type: 'reset', data: { reason: 'trimmed' } })
  expect(offsets(await resume(world, cursor(10)))).toEqual([11, 12, 13, 14, 15, 16, 17, 18, 19, 20])
  expect(types(await resume(world))).toEqual(['snapshot', 'caught_up'])
  expect(world.errors).toEqual([])
})

it('R2 a cursor inside what was compacted continues; `prev` bridges the gap', async () => {
  const { world, cursor } = await worldWith(10)
  await world.driver.compact('a', [3, 4, 5, 6])
  const got = await resume(world, cursor(4))
  expect(offsets(got)).toEqual([7, 8, 9, 10])
  expect(got[0]).toMatchObject({ prev: 2 })
})

it('R2 a cursor ahead of what this process was told continues when the log has it', async () => {
  const { world, cursor } = await worldWith(3, { backplane: silentBackplane() })
  world.join('a')
  await settle()
  await world.append('a', 4)
  expect(offsets(await resume(world, cursor(5)))).toEqual([6, 7])
})

it('R4 two readers resume from one cursor at once and both get the rest', async () => {
  const { world, cursor } = await worldWith(30)
  const readers = [0, 1, 2, 3].map(() => world.join([{ sessionId: 'a', after: cursor(12) }]))
  await settle()
  for (const { sink } of readers) expect(offsets(sink.envelopes)).toHaveLength(18)
})

it('R8 history beyond 10,000 events is replayed whole', async () => {
  const { world, cursor } = await worldWith(12_345)
  expect(offsets(await resume(world, cursor(0)))).toEqual(Array.from({ length: 12_345 }, (_, i) => i + 1))
})

it('R6 trimming while a reader pages makes it reset, never skip', async () => {
  const { world, cursor } = await worldWith(3_000)
  const { sink } = world.join([{ sessionId: 'a', after: cursor(0) }])
  sink.block(2)
  await settle()
  const before = offsets(sink.envelopes).length
  expect(before).toBeGreaterThan(0)
  await world.driver.trim('a', 2_900)
  world.timers.advance(20_000)
  sink.drain()
  await settle()
  expect(types(sink.envelopes.slice(before))).toEqual(['reset', 'snapshot', 'caught_up'])
  expect(sink.envelopes.at(before)).toMatchObject({ data: { reason: 'trimmed' } })
})

function silentBackplane() {
  return {
    name: 'silent',
    publish: () => undefined,
    subscribe: () => () => undefined,
    close: () => Promise.resolve(),
  }
}
