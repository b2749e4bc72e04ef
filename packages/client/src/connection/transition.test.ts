import { StreamError } from '@throughline/protocol'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { ConnectionInput, ConnectionLimits, TransitionContext } from './input.ts'
import { CONNECTION_STATUSES, initialState } from './state.ts'
import type { ConnectionState } from './state.ts'
import { transition } from './transition.ts'

const START = 1_000_000
const limits: ConnectionLimits = { backoff: {}, timeoutMs: 10_000, heartbeatMs: 15_000, canPoll: true }
const context = (now: number): TransitionContext => ({ ...limits, now, random: () => 0.5 })

function refusal(status: number): StreamError {
  return new StreamError(status === 404 ? 'not_found' : 'server_error', 'refused', { status })
}

const unopened = { ...initialState(START), generation: 1, current: 1 }
const opened = { ...unopened, openedAt: START, heardAt: START, delivered: true }
const live: ConnectionState = { ...opened, status: 'open', phase: 'live' }

/** One of each kind of state: the columns. */
const states: Record<string, ConnectionState> = {
  idle: initialState(START),
  connecting: { ...unopened, status: 'connecting' },
  replaying: { ...opened, status: 'open', phase: 'replaying' },
  live,
  swapping: { ...live, generation: 2, successor: 2, successorSince: START },
  probing: {
    ...live,
    lane: 'poll',
    generation: 2,
    successor: 2,
    successorSince: START,
    polledSince: START,
  },
  waiting: { ...initialState(START), status: 'waiting', generation: 1, attempt: 1, retryAt: START + 1_000 },
  offline: {
    ...initialState(START),
    status: 'offline',
    generation: 1,
    online: false,
    retryAt: START + 30_000,
  },
  paused: { ...initialState(START), status: 'paused', generation: 1, reasons: ['user'] },
  authenticating: { ...initialState(START), status: 'authenticating', generation: 1, refreshing: true },
  rejoining: { ...unopened, status: 'resyncing', attempt: 1 },
  resyncing: { ...opened, status: 'resyncing' },
  ended: { ...initialState(START), status: 'ended', generation: 1 },
  failed: { ...initialState(START), status: 'failed', generation: 1, error: refusal(404) },
  closed: { ...initialState(START), status: 'closed', generation: 1 },
}

const HOUR = 3_600_000
const dropped = (generation: number, error: StreamError): ConnectionInput => ({
  type: 'dropped',
  generation,
  error,
})
const network = new StreamError('network_error', 'gone')

/** One of each kind of input: the rows. */
const inputs: Record<string, ConnectionInput> = {
  start: { type: 'start' },
  close: { type: 'close' },
  pause: { type: 'pause', reason: 'page' },
  resume: { type: 'resume', reason: 'user' },
  online: { type: 'online' },
  offline: { type: 'offline' },
  hidden: { type: 'hidden' },
  visible: { type: 'visible' },
  retry: { type: 'retry' },
  changed: { type: 'changed' },
  gap: { type: 'gap' },
  'refreshed renewed': { type: 'refreshed', outcome: 'renewed' },
  'refreshed denied': { type: 'refreshed', outcome: 'denied' },
  'refreshed unreachable': { type: 'refreshed', outcome: 'unreachable' },
  'timer early': { type: 'timer', heardAt: START, busy: false },
  'timer an hour late': { type: 'timer', heardAt: START, busy: false },
  opened: { type: 'opened', generation: 1 },
  delivered: { type: 'delivered', generation: 1 },
  caught_up: { type: 'caught_up', generation: 1 },
  reset: { type: 'reset', generation: 1 },
  reconnect: { type: 'reconnect', generation: 1, afterMs: 100 },
  expiring: { type: 'auth_expiring', generation: 1 },
  'dropped network': dropped(1, network),
  ...Object.fromEntries(
    [200, 204, 401, 403, 404, 409, 410, 429, 503].map((status) => [
      `dropped ${String(status)}`,
      dropped(1, refusal(status)),
    ]),
  ),
  'successor opened': { type: 'opened', generation: 2 },
  'successor delivered': { type: 'delivered', generation: 2 },
  'successor caught_up': { type: 'caught_up', generation: 2 },
  'successor reset': { type: 'reset', generation: 2 },
  'successor reconnect': { type: 'reconnect', generation: 2, afterMs: 100 },
  'successor expiring': { type: 'auth_expiring', generation: 2 },
  'successor network': dropped(2, network),
  'successor 401': dropped(2, refusal(401)),
  'successor 404': dropped(2, refusal(404)),
  'stale caught_up': { type: 'caught_up', generation: 0 },
  'stale dropped': dropped(0, network),
}

/** A cell: the status that follows, with the phase of `open`, and the effects; `·` is the same state and none. */
function cell(state: ConnectionState, name: string, input: ConnectionInput): string {
  const { state: next, effects } = transition(
    state,
    input,
    context(name.endsWith('late') ? START + HOUR : START + 10),
  )
  const status = next.status === 'open' ? (next.phase ?? '') : next.status
  const before = state.status === 'open' ? (state.phase ?? '') : state.status
  const done = effects.map((effect) => {
    if (effect.type === 'open') return `+${String(effect.generation)}${effect.lane === 'poll' ? 'p' : ''}`
    return effect.type === 'abort' ? `−${String(effect.generation)}` : effect.type
  })
  return [...(status === before && effects.length === 0 ? ['·'] : [status]), ...done].join(' ')
}

function tableOf(markdown: string): Map<string, Map<string, string>> {
  const rows = markdown
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((text) => text.trim()),
    )
  const [head = [], , ...body] = rows
  return new Map(
    body.map(([name = '', ...cells]) => [name, new Map(cells.map((text, at) => [head[at + 1] ?? '', text]))]),
  )
}

const spec = readFileSync(new URL('SPEC.md', import.meta.url), 'utf8')
const table = tableOf(spec.slice(spec.indexOf('## Table'), spec.indexOf('## Invariants')))

describe('the table of SPEC.md', () => {
  it('is total: every kind of state, every kind of input', () => {
    expect([...table.keys()]).toEqual(Object.keys(inputs))
    for (const row of table.values()) expect([...row.keys()]).toEqual(Object.keys(states))
    expect(new Set(Object.values(states).map(({ status }) => status))).toEqual(new Set(CONNECTION_STATUSES))
  })

  for (const [name, input] of Object.entries(inputs)) {
    it(`${name}: as the table says in every state`, () => {
      const row = Object.fromEntries(
        Object.entries(states).map(([column, state]) => [column, cell(state, name, input)]),
      )
      if (process.env['PRINT_TABLE']) console.log(`| ${name} | ${Object.values(row).join(' | ')} |`)
      expect(row).toEqual(Object.fromEntries(table.get(name) ?? []))
    })
  }
})

describe('I9 a 401 while credentials are being refreshed', () => {
  const expiring = transition(live, { type: 'auth_expiring', generation: 1 }, context(START))
  const refused = transition(expiring.state, dropped(1, refusal(401)), context(START))

  it('waits for that refresh', () => {
    expect([...expiring.effects, ...refused.effects].map(({ type }) => type)).toEqual(['refresh', 'abort'])
    const { state } = transition(refused.state, { type: 'refreshed', outcome: 'renewed' }, context(START))
    expect([refused.state.status, state.status]).toEqual(['authenticating', 'connecting'])
  })

  it('asks for another one where that never answers', () => {
    const late = context(START + limits.timeoutMs)
    const waiting = transition(refused.state, { type: 'timer', heardAt: START, busy: true }, late)
    const again = transition(waiting.state, { type: 'retry' }, late)
    const { effects } = transition(again.state, dropped(again.state.generation, refusal(401)), late)
    expect([waiting.state.status, effects.map(({ type }) => type)]).toEqual(['waiting', ['abort', 'refresh']])
  })
})
