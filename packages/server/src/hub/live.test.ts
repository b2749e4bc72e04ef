import type { Draft, Envelope } from '@throughline/protocol'
import { expect, it } from 'vitest'
import { createHubWorld, settle } from './testing/hub-world.ts'

const typing = (agentId: string, runId = 'r1'): Draft => ({
  type: 'typing_indicator',
  agentId,
  runId,
  data: { isTyping: true, agentId },
})
const signs = (envelopes: readonly Envelope[]): (string | undefined)[] =>
  envelopes.filter(({ type }) => type === 'typing_indicator').map(({ agentId }) => agentId)

it('encodes once and writes many events at once: first token at once, the rest of the window together', async () => {
  const world = createHubWorld({ coalesceMs: 16 })
  await world.createSession('a')
  const { sink } = world.join('a')
  await settle()
  const before = sink.writes
  for (let i = 0; i < 20; i++) await world.append('a')
  expect(sink.writes).toBe(before + 1)
  await world.pass(16)
  expect(sink.writes).toBe(before + 2)
  expect(sink.envelopes.at(-1)?.data).toEqual({ n: 20 })
  await world.append('a')
  await world.log.append('a', [
    { type: 'run_completed', runId: 'r', data: { runId: 'r', status: 'completed' } },
  ])
  expect(sink.envelopes.at(-1)?.type).toBe('run_completed')
})

it('tells ephemeral events to live readers, latest only, without an id', async () => {
  const world = createHubWorld({ coalesceMs: 16 })
  await world.createSession('a')
  const { sink } = world.join('a')
  await settle()
  for (const agent of ['x', 'x', 'y', 'x']) world.log.signal('a', typing(agent))
  await world.pass(20)
  expect(signs(sink.envelopes)).toEqual(['x', 'y', 'x'])
  expect(sink.envelopes.at(-1)).not.toHaveProperty('id')
})

it('keeps the latest sign for a reader that was blocked, and for one that joins, until it lapses', async () => {
  const world = createHubWorld()
  await world.createSession('a')
  const slow = world.join('a').sink
  await settle()
  slow.block()
  await world.append('a')
  for (const agent of ['x', 'y', 'x']) world.log.signal('a', typing(agent))
  await settle()
  expect(signs(slow.envelopes)).toEqual([])
  slow.drain()
  expect(signs(slow.envelopes)).toEqual(['y', 'x'])
  const joined = world.join('a').sink
  await settle()
  expect(signs(joined.envelopes)).toEqual(['y', 'x'])
  await world.pass(10_000)
  const late = world.join('a').sink
  await settle()
  expect(signs(late.envelopes)).toEqual([])
})

it('forgets the signs of a run that ended', async () => {
  const world = createHubWorld({ coalesceMs: 16 })
  await world.createSession('a')
  const { sink } = world.join('a')
  await settle()
  await world.append('a')
  world.log.signal('a', typing('x', 'r1'))
  world.log.signal('a', typing('y', 'r2'))
  await world.log.append('a', [
    { type: 'run_completed', runId: 'r1', data: { runId: 'r1', status: 'completed' } },
  ])
  await settle()
  expect(signs(sink.envelopes)).toEqual(['y'])
})

it('E3 hints lost, doubled or reordered cost latency, never an event', async () => {
  const world = createHubWorld()
  await world.createSession('a')
  const { sink } = world.join('a')
  await settle()
  const notes = () =>
    sink.envelopes.flatMap(({ type, data }) => (type === 'note' ? [(data as { n: number }).n] : []))
  const first = await world.driver.append({ stream: 'a', drafts: [draft(1), draft(2)] })
  const second = await world.driver.append({ stream: 'a', drafts: [draft(3)] })
  world.log.publish({ kind: 'grew', stream: 'a', head: second.head, events: second.events })
  world.log.publish({ kind: 'grew', stream: 'a', head: first.head, events: first.events })
  world.log.publish({ kind: 'grew', stream: 'a', head: second.head, events: second.events })
  await settle()
  expect(notes()).toEqual([1, 2, 3])
  await world.driver.append({ stream: 'a', drafts: [draft(4)] })
  await settle()
  expect(notes()).toEqual([1, 2, 3])
  await world.pass(6_000)
  expect(notes()).toEqual([1, 2, 3, 4])
})

it('R5 what grows while the log is being read is read, too, though no poll would ever find it', async () => {
  let held: Promise<void> | undefined
  const world = createHubWorld({
    pollMs: 1e9,
    wrap: (log) => ({
      ...log,
      async read(...args) {
        const page = await log.read(...args)
        await held
        return page
      },
    }),
  })
  await world.createSession('a')
  const { sink } = world.join('a')
  await settle()
  let release: () => void = () => undefined
  held = new Promise((resolve) => (release = resolve))
  // Hints that only name the head, so that the log has to be read.
  for (const n of [1, 2]) {
    const { head } = await world.driver.append({ stream: 'a', drafts: [draft(n)] })
    world.log.publish({ kind: 'grew', stream: 'a', head })
    await settle()
  }
  expect(sink.envelopes.filter(({ type }) => type === 'note')).toEqual([])
  held = undefined
  release()
  await settle()
  expect(sink.envelopes.filter(({ type }) => type === 'note')).toHaveLength(2)
})

it('S6 one slow reader among many delays nobody and is given everything later', async () => {
  const world = createHubWorld({ ringBytes: 4_096 })
  await world.createSession('a')
  const slow = world.join('a').sink
  const others = Array.from({ length: 50 }, () => world.join('a').sink)
  await settle()
  slow.block()
  for (let i = 0; i < 200; i++) await world.append('a')
  await settle()
  const count = (envelopes: readonly Envelope[]) => envelopes.filter(({ type }) => type === 'note').length
  for (const { envelopes } of others) expect(count(envelopes)).toBe(200)
  expect(count(slow.envelopes)).toBe(1)
  expect(world.hub.stats().lag).toEqual({ total: 199, most: 199 })
  slow.drain()
  await settle()
  expect(count(slow.envelopes)).toBe(200)
  expect(world.hub.stats().lag).toEqual({ total: 0, most: 0 })
})

const draft = (n: number) => ({
  type: 'note',
  body: JSON.stringify({ type: 'note', data: { n }, timestamp: 1, sessionId: 'a' }),
})
