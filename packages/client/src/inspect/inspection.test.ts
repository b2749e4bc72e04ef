import { describe, expect, it, onTestFinished } from 'vitest'
import { createClientWorld } from '../testing/client-world.ts'
import { makeEnvelopes } from '../testing/envelopes.ts'
import { controlFrame } from '@throughline/protocol'
import { exportCapture, importCapture } from './capture.ts'
import type { ConnectionEntry, EventEntry, InspectionEntry } from './entry.ts'
import { foldAt } from './fold-at.ts'
import { createInspection } from './inspection.ts'
import type { InspectionOptions } from './inspection.ts'

function setUp(options: InspectionOptions = {}, client: Parameters<typeof createClientWorld>[0] = {}) {
  const world = createClientWorld(client)
  const inspect = (more: InspectionOptions = {}) => {
    const inspection = createInspection(world.client, { environment: world.environment, ...options, ...more })
    onTestFinished(inspection.close)
    return inspection
  }
  return { ...world, inspect }
}

const eventsOf = (entries: readonly InspectionEntry[]): readonly EventEntry[] =>
  entries.filter((entry) => entry.kind === 'event')
const connectionsOf = (entries: readonly InspectionEntry[]): readonly ConnectionEntry[] =>
  entries.filter((entry) => entry.kind === 'connection')

describe('an inspection', () => {
  it('notes every event with its cursor, its lag and whether it was replayed', async () => {
    const { inspect, watch, hub, advance } = setUp()
    const inspection = inspect()
    await watch()
    hub.append('s1', { type: 'session_updated', data: { title: 'one' } })
    await advance(100)
    const events = eventsOf(inspection.getRecent())
    expect(events.map(({ envelope, receipt, isLive }) => [envelope.type, receipt, isLive])).toEqual([
      ['snapshot', 'new', false],
      ['caught_up', 'new', false],
      ['session_updated', 'new', true],
    ])
    const last = events.at(-1)
    expect(last).toMatchObject({ cursor: 'epoch0001-1', via: 'connection' })
    expect(last?.lagMs).toBe((last?.at ?? 0) - (last?.envelope.timestamp ?? 0))
    expect(inspection.getRecent(1)).toEqual([last])
  })

  it('notes what was dropped: replays, gaps, and what comes before the snapshot that mends them', async () => {
    const { inspect, watch, hub, advance } = setUp()
    const inspection = inspect()
    await watch()
    const receipts = (): readonly string[] =>
      eventsOf(inspection.getRecent())
        .filter(({ envelope }) => envelope.type === 'session_updated')
        .map(({ receipt }) => receipt)
    const events = makeEnvelopes('s1', 'epoch0001')
    const write = (): string => {
      const event = events.stored('session_updated', {})
      hub.write(controlFrame(event, event.id))
      return controlFrame(event, event.id)
    }
    hub.write(write())
    await advance(100)
    expect(receipts()).toEqual(['new', 'repeated'])
    hub.control('s1', 'reset', { reason: 'epoch', head: 'epoch0009-1' })
    write()
    await advance(100)
    expect(receipts()).toEqual(['new', 'repeated', 'useless'])
    hub.drop()
    await advance(5_000)
    events.offset = 7
    write()
    await advance(0)
    expect(receipts()).toEqual(['new', 'repeated', 'useless', 'lost'])
  })

  it('notes resets, drops with their cause, status and attempt, and what each attempt became', async () => {
    const { inspect, watch, hub, advance } = setUp()
    const inspection = inspect()
    await watch()
    hub.refuse(503, { 'retry-after': '2' })
    hub.drop()
    await advance(500)
    hub.restart('s1')
    await advance(5_000)
    const connections = connectionsOf(inspection.getRecent())
    const causes = connections.flatMap(({ cause, attempt, changed }) =>
      cause !== null && changed.includes('error') ? [{ ...cause, attempt }] : [],
    )
    expect(causes).toMatchObject([
      { code: 'network_error', status: null, attempt: 1 },
      { code: 'server_error', status: 503, attempt: 2 },
    ])
    expect(connections.at(-1)).toMatchObject({
      status: 'open',
      phase: 'live',
      transport: 'sse',
      role: 'solo',
    })
    expect(eventsOf(inspection.getRecent()).map(({ envelope }) => envelope.type)).toContain('reset')
  })

  it('notes the switch to another transport', async () => {
    const { inspect, watch, hub, advance } = setUp()
    const inspection = inspect()
    hub.mute()
    await watch()
    await advance(120_000)
    expect(connectionsOf(inspection.getRecent()).map(({ transport }) => transport)).toContain('polling')
  })

  it('tells listeners at most ten times a second, each time with another list', async () => {
    const { inspect, watch, advance, startMessage, chunk } = setUp()
    const inspection = inspect()
    let calls = 0
    await watch()
    inspection.subscribe(() => calls++)
    const before = inspection.getSnapshot()
    startMessage('m1')
    for (let at = 0; at < 200; at++) chunk('m1', '.')
    await advance(0)
    expect([calls, inspection.getSnapshot()]).toEqual([0, before])
    await advance(100)
    expect([calls, inspection.getSnapshot().length]).toEqual([1, before.length + 201])
  })

  it('costs nothing once it is closed, and nobody is told', async () => {
    const { inspect, watch, advance, hub, environment } = setUp()
    const inspection = inspect()
    let calls = 0
    inspection.subscribe(() => calls++)
    await watch()
    inspection.close()
    const held = inspection.getRecent(1_000)
    const [pending, before] = [environment.pending, calls]
    hub.append('s1', { type: 'session_updated', data: { title: 'unseen' } })
    await advance(1_000)
    expect(inspection.getRecent(1_000)).toEqual(held)
    expect([calls, environment.pending <= pending]).toEqual([before, true])
  })

  it('is bounded in entries and in text, and what it holds still adds up', async () => {
    for (const bound of [{ capacity: 20 }, { maxLength: 4_000 }]) {
      const { inspect, watch, advance, startMessage, chunk, hub } = setUp(bound)
      const inspection = inspect()
      await watch()
      startMessage('m1')
      for (let at = 0; at < 300; at++) {
        chunk('m1', `${String(at)} `)
        if (at % 10 === 0) await advance(50)
      }
      await advance(100)
      const capture = inspection.capture()
      expect(capture.entries.length).toBeLessThanOrEqual(30)
      expect(capture.entries.length).toBeGreaterThan(5)
      expect(foldAt(capture, capture.entries.length - 1, 's1')).toEqual(hub.stream('s1').state)
    }
  })

  it('signing out leaves nothing in it', async () => {
    const { inspect, watch, client, advance, hub } = setUp({}, { userId: 'u1', local: 'off' })
    const inspection = inspect()
    await watch()
    hub.append('s1', { type: 'session_updated', data: { title: 'private words' } })
    await advance(100)
    expect(exportCapture(inspection.capture())).toContain('private words')
    await client.auth.signOut()
    await advance(100)
    expect(exportCapture(inspection.capture())).not.toContain('private words')
  })
})

describe('a capture', () => {
  it('steps both ways over the fold, from what was held before it began', async () => {
    const { inspect, watch, advance, startMessage, chunk, hub, session } = setUp()
    await watch()
    startMessage('m1')
    chunk('m1', 'before ')
    await advance(0)
    const inspection = inspect()
    for (const word of ['one ', 'two ', 'three']) chunk('m1', word)
    await advance(100)
    const capture = inspection.capture()
    const texts = capture.entries.map((_, at) => foldAt(capture, at, 's1').messages[0]?.content)
    expect(texts.filter((text) => text !== undefined)).toEqual([
      'before ',
      'before one ',
      'before one two ',
      'before one two three',
    ])
    expect(foldAt(capture, -1, 's1').messages).toEqual([])
    const last = foldAt(capture, capture.entries.length - 1, 's1')
    expect(last).toEqual(hub.stream('s1').state)
    expect(last).toEqual(session.getSnapshot().conversation)
    expect(foldAt(capture, capture.entries.length - 1, 'another').messages).toEqual([])
  })

  it('goes on over a loss and the snapshot that mends it', async () => {
    const { inspect, watch, advance, startMessage, chunk, hub } = setUp()
    const inspection = inspect()
    await watch()
    startMessage('m1')
    chunk('m1', 'kept ')
    await advance(100)
    hub.drop()
    hub.restart('s1')
    chunk('m1', 'and more')
    await advance(5_000)
    chunk('m1', ', live')
    await advance(100)
    const capture = inspection.capture()
    expect(foldAt(capture, capture.entries.length - 1, 's1')).toEqual(hub.stream('s1').state)
  })

  it('is read back as it was written, without credentials in it', async () => {
    const { inspect, watch, advance, chunk, startMessage, hub } = setUp(
      {},
      { getToken: () => 'very-secret-token' },
    )
    await watch()
    const inspection = inspect()
    startMessage('m1')
    chunk('m1', 'text')
    await advance(100)
    hub.drop()
    await advance(5_000)
    const capture = inspection.capture()
    const file = exportCapture(capture)
    expect(file).not.toContain('secret')
    expect(importCapture(file)).toEqual(capture)
  })

  it('refuses what is none, and says why', () => {
    const good = {
      format: 'throughline-capture',
      version: 1,
      reducerVersion: 1,
      takenAt: 1,
      bases: [],
      entries: [],
    }
    expect(importCapture(JSON.stringify(good)).entries).toEqual([])
    const entry = { number: 1, at: 1 }
    const envelope = { type: 'heartbeat', data: {}, timestamp: 1, sessionId: 's1' }
    const event = { ...entry, kind: 'event', envelope, receipt: 'new', lagMs: 0, via: 'tab' }
    expect(importCapture(JSON.stringify({ ...good, entries: [event] })).entries).toHaveLength(1)
    const bad = [
      'no json',
      '[]',
      JSON.stringify({ ...good, format: 'other' }),
      JSON.stringify({ ...good, version: 2 }),
      JSON.stringify({ ...good, entries: {} }),
      JSON.stringify({ ...good, bases: ['{}'] }),
      ...[
        null,
        { ...entry, kind: 'event' },
        { ...event, receipt: 'other' },
        { ...event, envelope: { ...envelope, sessionId: '../' } },
        { ...entry, kind: 'other' },
        { kind: 'state', conversation: '{}' },
        { ...entry, kind: 'state', conversation: 'x' },
        { ...entry, kind: 'connection', attempt: 1, transport: 'sse', status: '<b>' },
      ].map((wrong) => JSON.stringify({ ...good, entries: [wrong] })),
    ]
    for (const text of bad) expect(() => importCapture(text), text).toThrow('This is no capture')
  })
})
