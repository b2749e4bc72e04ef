import type { EventLog } from '@throughline/log'
import { parseSnapshot, type Draft } from '@throughline/protocol'
import { expect, it } from 'vitest'
import { Folds } from './folds.ts'
import { createHubWorld, settle, type HubWorldOptions } from './testing/hub-world.ts'

function countReads(options: HubWorldOptions = {}) {
  const counts = { reads: 0, events: 0 }
  const wrap = (log: EventLog): EventLog => ({
    ...log,
    async read(...args) {
      const page = await log.read(...args)
      counts.reads++
      counts.events += page.events.length
      return page
    },
  })
  return { world: createHubWorld({ ...options, wrap }), counts }
}

const message = (id: string, text: string): Draft[] => [
  { type: 'user_message', messageId: id, parentId: null, data: { messageId: id, content: text } },
]

it('stores a snapshot every 1,000 events in the background, also of streams that nobody follows', async () => {
  const { world } = countReads()
  await world.createSession('a')
  await world.append('a', 999)
  await settle()
  expect(await world.driver.loadSnapshot('a')).toBeUndefined()
  await world.append('a', 1)
  await settle()
  const stored = await world.driver.loadSnapshot('a')
  expect(stored?.position.offset).toBe(1_000)
  expect(parseSnapshot(stored?.reducerVersion ?? 0, stored?.state ?? '')?.position).toEqual(stored?.position)
})

it('a join of 100,000 events reads what follows the stored snapshot and no more', async () => {
  const first = createHubWorld()
  await first.createSession('a')
  for (let i = 0; i < 100; i++) await first.append('a', 1_000)
  await settle()
  await first.append('a', 500)
  await settle()
  // Another process: nothing folded yet.
  const { driver } = first
  const counts = { events: 0 }
  const second = createHubWorld({
    wrap: (log) => ({
      ...log,
      driver,
      head: (stream) => driver.head(stream),
      async read(...args) {
        const page = await driver.read(...args)
        counts.events += page.events.length
        return page
      },
    }),
  })
  const { sink } = second.join('a')
  await settle()
  expect(sink.envelopes.map(({ type }) => type)).toEqual(['snapshot', 'caught_up'])
  expect(sink.envelopes[0]?.id).toMatch(/-100500$/)
  expect(counts.events).toBe(500)
})

it('joins at the same time share one fold and one encoding; a later one reads only what is new', async () => {
  const { world, counts } = countReads()
  await world.createSession('a')
  await world.append('a', 700)
  const sinks = Array.from({ length: 100 }, () => world.join('a').sink)
  await settle()
  for (const { envelopes } of sinks) expect(envelopes[0]?.id).toMatch(/-700$/)
  // One read to fold; each of the others asks at most once more whether it is still the head.
  expect(counts.events).toBe(700)
  await world.append('a', 300)
  const { sink } = world.join('a')
  await settle()
  expect(sink.envelopes[0]?.id).toMatch(/-1000$/)
  expect(counts.events).toBe(1_000)
})

it('a snapshot made a moment ago serves the next reader, who gets what follows it', async () => {
  const { world, counts } = countReads()
  await world.createSession('a')
  await world.append('a', 10)
  world.join('a')
  await settle()
  await world.append('a', 5)
  const { sink } = world.join('a')
  await settle()
  expect(sink.envelopes.map(({ type }) => type)).toEqual([
    'snapshot',
    ...Array<string>(5).fill('note'),
    'caught_up',
  ])
  expect(counts.events).toBe(10)
})

it('state() is not older than the call, whatever is under way', async () => {
  const { world } = countReads()
  await world.createSession('a')
  const states = []
  for (let i = 1; i <= 20; i++) {
    await world.log.append('a', message(`m${String(i)}`, 'hello'))
    states.push(world.hub.state('a').then(({ messages }) => [i, messages.length] as const))
  }
  for (const [asked, got] of await Promise.all(states)) expect(got).toBeGreaterThanOrEqual(asked)
})

it('state() of an unknown session is not_found, of a deleted one stream_closed', async () => {
  const { world } = countReads()
  await expect(world.hub.state('a')).rejects.toMatchObject({ code: 'not_found' })
  await world.createSession('a')
  await world.hub.state('a')
  await world.driver.delete('a')
  await expect(world.hub.state('a')).rejects.toMatchObject({ code: 'stream_closed' })
})

it('a big snapshot goes in parts of at most 256 KiB, the id on the last, and waits for a slow reader between them', async () => {
  const { world } = countReads()
  await world.createSession('a')
  for (let i = 0; i < 20; i++) await world.log.append('a', message(`m${String(i)}`, 'x'.repeat(50_000)))
  const { sink } = world.join('a')
  sink.block(2)
  await settle()
  const parts = () => sink.envelopes.filter(({ type }) => type === 'snapshot')
  expect(parts()).toHaveLength(2)
  expect(parts().every(({ id }) => id === undefined)).toBe(true)
  sink.drain()
  await settle()
  expect(parts()).toHaveLength(4)
  expect(parts().map(({ id }) => id === undefined)).toEqual([true, true, true, false])
  for (const part of parts()) expect(JSON.stringify(part).length).toBeLessThan(264_000)
  const text = parts()
    .map(({ data }) => (data as { state: string }).state)
    .join('')
  expect(parseSnapshot(1, text)?.messages).toHaveLength(20)
})

it('a stored snapshot that cannot be used is folded anew', async () => {
  const { world } = countReads()
  await world.createSession('a')
  await world.log.append('a', message('m1', 'hello'))
  const position = await world.log.head('a')
  await world.driver.saveSnapshot('a', { position, reducerVersion: 0, state: '{"messages":"many"}' })
  expect((await world.hub.state('a')).messages).toHaveLength(1)
})

it('keeps a bounded number of folded states', async () => {
  const { world } = countReads()
  const folds = new Folds({ log: world.log, now: () => 0, onError: () => undefined, maxStreams: 3 })
  for (const id of ['a', 'b', 'c', 'd', 'e']) {
    await world.createSession(id)
    await folds.latest(id)
  }
  expect(folds.size).toBe(3)
  const small = new Folds({ log: world.log, now: () => 0, onError: () => undefined, maxBytes: 3_000 })
  for (const id of ['a', 'b', 'c']) {
    await world.log.append(id, message('m1', 'x'.repeat(2_000)))
    await small.latest(id)
  }
  expect(small.size).toBe(1)
})
