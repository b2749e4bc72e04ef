import type { ConnectionEntry, EventEntry } from '@throughline/client/inspect'
import { expect, test } from 'vitest'
import { inspector } from '../../text/english/inspector.ts'
import { countEntries } from './entry-counts.ts'
import { isTrouble, passes } from './entry-look.ts'

let number = 0

function event(type: string, change: Partial<EventEntry> = {}): EventEntry {
  number++
  const id = `abcdefgh-${String(number)}`
  return {
    kind: 'event',
    number,
    at: 1_000,
    cursor: id,
    receipt: 'new',
    lagMs: 4,
    isLive: true,
    via: 'connection',
    envelope: { id, type, data: {}, timestamp: 996, sessionId: 's', agentId: 'writer' },
    ...change,
  }
}

function connection(change: Partial<ConnectionEntry> = {}): ConnectionEntry {
  return {
    kind: 'connection',
    number: ++number,
    at: 1_000,
    changed: ['status'],
    status: 'open',
    phase: 'live',
    attempt: 0,
    retryAt: null,
    reasons: [],
    transport: 'sse',
    role: 'solo',
    cause: null,
    ...change,
  }
}

const cause = { code: 'network_error', status: 503, message: 'The connection was cut.' } as const

test('gaps, dropped replays, resets, reconnects and leader changes are counted', () => {
  const counts = countEntries([
    connection(),
    event('message_chunk', { lagMs: 3 }),
    event('message_chunk', { lagMs: 9 }),
    event('message_chunk', { lagMs: 500, isLive: false }),
    event('message_chunk', { receipt: 'lost', lagMs: 7 }),
    event('message_chunk', { receipt: 'repeated' }),
    event('reset', { cursor: null, isLive: false }),
    connection({ status: 'waiting', changed: ['status', 'attempt', 'error'], attempt: 1, cause }),
    connection({ changed: ['role'], role: 'leader' }),
  ])
  expect(counts).toEqual({
    events: 6,
    lagMs: 9,
    lost: 1,
    repeated: 1,
    resets: 1,
    reconnects: 1,
    leaders: 1,
  })
})

test('trouble is what was not new, a reset, an error, and a connection with a cause', () => {
  expect(isTrouble(event('message_chunk'))).toBe(false)
  expect(isTrouble(event('message_chunk', { receipt: 'repeated' }))).toBe(true)
  expect(isTrouble(event('reset'))).toBe(true)
  expect(isTrouble(event('error_occurred'))).toBe(true)
  expect(isTrouble(connection())).toBe(false)
  expect(isTrouble(connection({ cause }))).toBe(true)
})

test('the filter finds types, agents, cursors and causes', () => {
  const chunk = event('message_chunk')
  const find = (text: string) => passes(chunk, { kind: 'all', text }, inspector)
  expect([find('CHUNK'), find('writer'), find(chunk.cursor ?? ''), find('planner')]).toEqual([
    true,
    true,
    true,
    false,
  ])
  expect(passes(connection({ cause }), { kind: 'trouble', text: '503' }, inspector)).toBe(true)
  expect(passes(connection({ cause }), { kind: 'event', text: '' }, inspector)).toBe(false)
})
