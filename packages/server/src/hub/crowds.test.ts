import { formatCursor, isContiguous, parseCursor, type Envelope, type Position } from '@throughline/protocol'
import { expect, it } from 'vitest'
import { createHubWorld, settle } from './testing/hub-world.ts'

const notes = (envelopes: readonly Envelope[]): readonly Envelope[] =>
  envelopes.filter(({ type }) => type === 'note')

it('R3 a thousand readers that return at once, from two hundred places, get the rest exactly, and share its reading', async () => {
  let reads = 0
  const world = createHubWorld({
    wrap: (log) => ({
      ...log,
      read(...args) {
        reads += 1
        return log.read(...args)
      },
    }),
  })
  await world.createSession('a')
  await world.append('a', 200)
  const { epoch } = await world.log.head('a')
  const readers = Array.from({ length: 1_000 }, (_, index) => {
    const from: Position = { epoch, offset: index % 200 }
    return { from, sink: world.join([{ sessionId: 'a', after: formatCursor(from) }]).sink }
  })
  await settle()
  expect(readers.filter(({ sink }) => sink.envelopes.at(-1)?.type !== 'caught_up')).toEqual([])
  for (const { from, sink } of readers) {
    let last = from
    for (const envelope of notes(sink.envelopes)) {
      expect(isContiguous(last, envelope)).toBe(true)
      last = parseCursor(envelope.id ?? '') ?? last
    }
    expect(last.offset).toBe(200)
  }
  // One for each place, whoever stands there.
  expect(reads).toBeLessThan(200 + 50)
  expect(world.errors).toEqual([])
}, 60_000)

it('S5 ten thousand readers that connect and leave, at every stage, leave nothing behind', async () => {
  const world = createHubWorld()
  await world.createSession('a')
  await world.append('a', 10)
  const before = world.timers.pending
  for (let wave = 0; wave < 20; wave += 1) {
    const readers = Array.from({ length: 500 }, () => world.join('a'))
    if (wave % 2 === 1) await settle()
    for (const [index, { sink, subscriber }] of readers.entries()) {
      if (index % 2 === 0) sink.leave()
      subscriber.close('left')
    }
    await Promise.all(readers.map(({ subscriber }) => subscriber.closed))
  }
  await settle()
  const { subscribers, streams, blocked, closes, lag } = world.hub.stats()
  expect({ subscribers, streams, blocked, lag }).toEqual({
    subscribers: 0,
    streams: 0,
    blocked: 0,
    lag: { total: 0, most: 0 },
  })
  expect(closes.left).toBe(10_000)
  expect([world.hub.count(), world.hub.count('ada'), world.timers.pending]).toEqual([0, 0, before])
  expect(world.errors).toEqual([])
}, 60_000)

it('S6 one reader that takes nothing among a thousand: the others have each event when it was told', async () => {
  const world = createHubWorld()
  await world.createSession('a')
  const slow = world.join('a').sink
  const others = Array.from({ length: 999 }, () => world.join('a').sink)
  await settle()
  slow.block()
  for (let count = 1; count <= 10; count += 1) {
    await world.append('a')
    await world.pass(0)
    expect(others.every((sink) => notes(sink.envelopes).length === count)).toBe(true)
  }
  expect(notes(slow.envelopes).length).toBeLessThanOrEqual(1)
  slow.drain()
  await settle()
  expect(notes(slow.envelopes)).toHaveLength(10)
}, 60_000)
