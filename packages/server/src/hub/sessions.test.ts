import { formatCursor } from '@throughline/protocol'
import type { EventLog } from '@throughline/log'
import { StreamError } from '@throughline/protocol'
import { expect, it } from 'vitest'
import { createHubWorld, settle } from './testing/hub-world.ts'
import type { RecordingSink } from './testing/recording-sink.ts'

const told = ({ envelopes }: RecordingSink, sessionId: string): string[] =>
  envelopes.filter((envelope) => envelope.sessionId === sessionId).map(({ type }) => type)

it('carries 32 sessions on one stream, each from its own cursor', async () => {
  const world = createHubWorld()
  const ids = Array.from({ length: 32 }, (_, i) => `s${String(i)}`)
  for (const id of ids) {
    await world.createSession(id)
    await world.append(id, 10)
  }
  const cursors = await Promise.all(ids.map(async (id) => (await world.log.head(id)).epoch))
  const { sink } = world.join(
    ids.map((sessionId, i) => ({
      sessionId,
      ...(i % 2 === 0 && { after: formatCursor({ epoch: cursors[i] ?? '', offset: i % 10 }) }),
    })),
  )
  await settle()
  ids.forEach((id, i) => {
    const notes = Array.from({ length: 10 - (i % 10) }, () => 'note')
    expect(told(sink, id)).toEqual(i % 2 === 0 ? [...notes, 'caught_up'] : ['snapshot', 'caught_up'])
  })
  for (const id of ids) await world.append(id)
  await world.pass(15_000)
  const heads = Object.fromEntries(
    ids.map((id, i) => [id, formatCursor({ epoch: cursors[i] ?? '', offset: 11 })]),
  )
  expect(sink.envelopes.at(-1)).toMatchObject({ type: 'heartbeat', sessionId: 's0', data: { heads } })
  expect(() => world.join([...ids, 's32'].map((sessionId) => ({ sessionId })))).toThrow(StreamError)
})

it('one bad session is closed in-band and spoils no other', async () => {
  const world = createHubWorld()
  await world.createSession('good')
  await world.createSession('gone')
  await world.driver.delete('gone')
  const { sink } = world.join([{ sessionId: 'gone' }, { sessionId: 'good' }, { sessionId: 'unknown' }], {
    refused: [{ sessionId: 'foreign', code: 'not_found' }],
  })
  await settle()
  await world.append('good')
  await world.pass(15_000)
  expect(told(sink, 'gone')).toEqual(['session_closed', 'heartbeat'])
  expect(told(sink, 'unknown')).toEqual(['session_closed'])
  expect(told(sink, 'foreign')).toEqual(['session_closed'])
  expect(told(sink, 'good')).toEqual(['snapshot', 'caught_up', 'note'])
  const codes = sink.envelopes.filter(({ type }) => type === 'session_closed').map(({ data }) => data)
  expect(codes).toEqual([{ code: 'not_found' }, { code: 'stream_closed' }, { code: 'not_found' }])
  expect(sink.closedWith).toBeUndefined()
  expect(world.hub.stats().streams).toBe(1)
})

it('a stream without any session left ends', async () => {
  const world = createHubWorld()
  const { sink, subscriber } = world.join([], { refused: [{ sessionId: 'x', code: 'not_found' }] })
  expect(told(sink, 'x')).toEqual(['session_closed'])
  expect(await subscriber.closed).toBe('ended')
})

it('tells the end of a session that is deleted while it is followed, also to a reader that was blocked', async () => {
  const world = createHubWorld()
  await world.createSession('a')
  await world.createSession('b')
  const free = world.join('a')
  const blocked = world.join([{ sessionId: 'a' }, { sessionId: 'b' }])
  await settle()
  blocked.sink.block()
  await world.append('b')
  await world.driver.delete('a')
  world.log.publish({ kind: 'closed', stream: 'a' })
  await settle()
  expect(free.sink.envelopes.at(-1)).toMatchObject({
    type: 'session_closed',
    data: { code: 'stream_closed' },
  })
  expect(await free.subscriber.closed).toBe('ended')
  expect(told(blocked.sink, 'a')).toEqual(['snapshot', 'caught_up'])
  blocked.sink.drain()
  await settle()
  expect(told(blocked.sink, 'a')).toEqual(['snapshot', 'caught_up', 'session_closed'])
  expect(blocked.sink.closedWith).toBeUndefined()
})

it('finds a deletion that no hint told', async () => {
  const world = createHubWorld()
  await world.createSession('a')
  const { sink } = world.join('a')
  await settle()
  await world.driver.delete('a')
  await world.pass(6_000)
  expect(sink.closedWith).toBe('ended')
})

it('A3 asks again at each heartbeat whether a reader may read, and closes the session when not', async () => {
  const world = createHubWorld()
  await world.createSession('a')
  await world.createSession('b')
  let mayRead = true
  const { sink } = world.join([{ sessionId: 'a' }, { sessionId: 'b' }], {
    authorise: (sessionId) => Promise.resolve(sessionId === 'b' || mayRead),
  })
  await settle()
  mayRead = false
  await world.pass(15_000)
  expect(told(sink, 'a').at(-1)).toBe('session_closed')
  await world.append('a')
  await world.append('b')
  await settle()
  expect(told(sink, 'a').at(-1)).toBe('session_closed')
  expect(told(sink, 'b').at(-1)).toBe('note')
})

it('A3 asks again before each page of a replay', async () => {
  const world = createHubWorld()
  await world.createSession('a')
  await world.append('a', 2_000)
  const { epoch } = await world.log.head('a')
  let asked = 0
  const { sink } = world.join([{ sessionId: 'a', after: formatCursor({ epoch, offset: 0 }) }], {
    authorise: () => Promise.resolve(++asked <= 3),
  })
  await settle()
  expect(asked).toBe(4)
  expect(sink.envelopes.at(-1)).toMatchObject({ type: 'session_closed', data: { code: 'not_found' } })
  expect(sink.envelopes).toHaveLength(3 * 512 + 1)
})

it('a session that is no longer to be read ends as closed when its deletion is told', async () => {
  const world = createHubWorld()
  await world.createSession('a')
  let mayRead = true
  const { sink } = world.join('a', { authorise: () => Promise.resolve(mayRead) })
  await settle()
  mayRead = false
  world.log.publish({ kind: 'closed', stream: 'a' })
  await settle()
  expect(sink.envelopes.at(-1)).toMatchObject({ type: 'session_closed', data: { code: 'stream_closed' } })
})

it('a stream that is re-incarnated while it is followed resets its readers and goes on', async () => {
  const other = createHubWorld()
  await other.createSession('a')
  await other.append('a', 3)
  const swapped: { log?: EventLog } = {}
  const world = createHubWorld({
    wrap: (log) => ({
      ...log,
      head: (stream) => (swapped.log ?? log).head(stream),
      read: (...args) => (swapped.log ?? log).read(...args),
    }),
  })
  await world.createSession('a')
  await world.append('a', 5)
  const { sink } = world.join('a')
  await settle()
  swapped.log = other.log
  const head = formatCursor(await other.log.head('a'))
  world.log.publish({ kind: 'grew', stream: 'a', head: await other.log.head('a') })
  await settle()
  expect(sink.envelopes.slice(2)).toMatchObject([
    { type: 'reset', data: { reason: 'epoch', head } },
    { type: 'snapshot', id: head },
    { type: 'caught_up', data: { head } },
  ])
  await other.append('a')
  await world.pass(6_000)
  expect(sink.envelopes.at(-1)).toMatchObject({ type: 'note', data: { n: 4 } })
  expect(world.errors).toEqual([])
})

it('a log that fails ends the stream of one session and only the session of a stream of several', async () => {
  let broken = ''
  const world = createHubWorld({
    wrap: (log) => ({
      ...log,
      head: (stream) =>
        stream === broken ? Promise.reject(new StreamError('server_error', 'disk')) : log.head(stream),
    }),
  })
  await world.createSession('a')
  await world.createSession('b')
  broken = 'a'
  const alone = world.join('a')
  const both = world.join([{ sessionId: 'a' }, { sessionId: 'b' }])
  await settle()
  expect(alone.sink.closedWith).toBe('failed')
  expect(told(both.sink, 'a')).toEqual(['session_closed'])
  expect(told(both.sink, 'b')).toEqual(['snapshot', 'caught_up'])
  expect(world.errors).toHaveLength(2)
})
