import { describe, expect, test } from 'vitest'
import type { Hint } from './backplane.ts'
import { createMemoryDriver } from './drivers/memory.ts'
import {
  createEventLog,
  envelopeText,
  openEnvelope,
  type EventLog,
  type EventLogOptions,
} from './event-log.ts'
import { runRecord, sessionRecord } from './testing/records.ts'

async function startLog(options: Partial<EventLogOptions> = {}): Promise<{ log: EventLog; hints: Hint[] }> {
  const driver = createMemoryDriver()
  await driver.sessions.create(sessionRecord('s'))
  const log = createEventLog({ driver, now: () => 1_000, ...options })
  const hints: Hint[] = []
  log.onHint((hint) => hints.push(hint))
  return { log, hints }
}

describe('event log', () => {
  test('the body is the envelope in the order of the wire, without id and prev', async () => {
    const { log } = await startLog()
    const { events } = await log.append('s', [
      { parentId: null, messageId: 'm', agentId: 'a', runId: 'r', data: { b: 1, a: 2 }, type: 'custom' },
      { type: 'bare', data: undefined },
    ])
    expect(events.map((event) => event.body)).toEqual([
      '{"type":"custom","data":{"b":1,"a":2},"timestamp":1000,"sessionId":"s","runId":"r","agentId":"a","messageId":"m","parentId":null}',
      '{"type":"bare","data":null,"timestamp":1000,"sessionId":"s"}',
    ])
    expect(events.map((event) => event.type)).toEqual(['custom', 'bare'])
  })

  test('an opened envelope has id and prev in front, as object and as text', () => {
    const body = '{"type":"x","data":{"id":"inner"},"timestamp":5,"sessionId":"s"}'
    const plain = { id: 'abcdefghij-7', type: 'x', data: { id: 'inner' }, timestamp: 5, sessionId: 's' }
    expect(openEnvelope({ offset: 7, body }, 'abcdefghij')).toEqual(plain)
    const bridged = { offset: 7, prev: 3, body }
    expect(openEnvelope(bridged, 'abcdefghij')).toEqual({ ...plain, prev: 3 })
    for (const event of [bridged, { offset: 7, body }]) {
      expect(envelopeText(event, 'abcdefghij')).toBe(JSON.stringify(openEnvelope(event, 'abcdefghij')))
    }
  })

  test('C5 timestamps never go back, whatever the clock does', async () => {
    const clock = [5_000, 4_000, 3_605_000, 100, 3_605_001]
    const { log } = await startLog({ now: () => clock.shift() ?? 0 })
    const times: number[] = []
    for (let at = 0; at < 5; at += 1) {
      const { events } = await log.append('s', [{ type: 'timed', data: null }])
      for (const event of events) times.push(openEnvelope(event, 'abcdefghij').timestamp)
    }
    expect(times).toEqual([5_000, 5_000, 3_605_000, 3_605_000, 3_605_001])
  })

  test('an append tells that the stream grew, with its events when they are few', async () => {
    const { log, hints } = await startLog()
    const small = await log.append('s', [{ type: 'small', data: 1 }])
    const large = await log.append('s', [{ type: 'large', data: 'x'.repeat(70_000) }])
    expect(hints).toEqual([
      { kind: 'grew', stream: 's', head: small.head, events: small.events },
      { kind: 'grew', stream: 's', head: large.head },
    ])
  })

  test('an append that adds no event, repeats or is refused tells nothing', async () => {
    const { log, hints } = await startLog()
    const producer = { producerId: 'p', producerSeq: 1 }
    await log.append('s', [{ type: 'sent', data: 1 }], { producer })
    hints.length = 0
    await log.append('s', [{ type: 'sent', data: 1 }], { producer })
    await log.append('s', [], { session: { title: 'x' } })
    await expect(log.append('s', [{ type: 'sent', data: 1 }], { endRun: 'none' })).rejects.toThrow(
      'no such run',
    )
    expect(hints).toEqual([])
  })

  test('queueing a run, and ending one, tells that there is something to claim', async () => {
    const { log, hints } = await startLog()
    await log.append('s', [{ type: 'asked', data: 1 }], { enqueue: runRecord('s', 'r') })
    await log.append('s', [], { endRun: 'r' })
    expect(hints.map((hint) => hint.kind)).toEqual(['grew', 'queued', 'queued'])
  })

  test('an ephemeral event is told and stored nowhere', async () => {
    const { log, hints } = await startLog()
    log.signal('s', { type: 'typing_indicator', data: { isTyping: true }, agentId: 'a' })
    const envelope = {
      type: 'typing_indicator',
      data: { isTyping: true },
      timestamp: 1_000,
      sessionId: 's',
      agentId: 'a',
    }
    expect(hints).toEqual([{ kind: 'ephemeral', stream: 's', envelope }])
    expect((await log.head('s')).offset).toBe(0)
  })

  test('E3 a backplane that fails does not fail the append', async () => {
    for (const publish of [
      () => Promise.reject(new Error('down')),
      () => {
        throw new Error('down')
      },
    ]) {
      const { log } = await startLog({
        backplane: {
          name: 'broken',
          publish,
          subscribe: () => () => undefined,
          close: () => Promise.resolve(),
        },
      })
      expect((await log.append('s', [{ type: 'sent', data: 1 }])).head.offset).toBe(1)
    }
  })

  test('data that is no JSON is refused before anything is stored', async () => {
    const { log } = await startLog()
    await expect(log.append('s', [{ type: 'big', data: 1n }])).rejects.toMatchObject({
      code: 'invalid_request',
    })
    expect((await log.head('s')).offset).toBe(0)
  })
})
