import { StreamError } from '@throughline/protocol'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { deadlineOf } from './deadline.ts'
import type { ConnectionInput, ConnectionLimits } from './input.ts'
import { initialState } from './state.ts'
import type { ConnectionState } from './state.ts'
import { transition } from './transition.ts'

const limits: ConnectionLimits = {
  backoff: { maxReconnectAttempts: 40 },
  timeoutMs: 10_000,
  heartbeatMs: 15_000,
  canPoll: true,
}

const reason = fc.constantFrom('hidden', 'page', 'user', 'tabs', 'empty', 'auth')
const generation = fc.nat(40)
const error = fc
  .constantFrom(undefined, 200, 204, 401, 403, 404, 409, 410, 429, 503)
  .map((status) => new StreamError('network_error', 'gone', status === undefined ? {} : { status }))

const input: fc.Arbitrary<ConnectionInput> = fc.oneof(
  fc.record({ type: fc.constantFrom('start', 'online', 'offline', 'hidden', 'visible') }),
  fc.record({ type: fc.constantFrom('pause', 'resume'), reason }),
  fc.record({ type: fc.constantFrom('retry', 'changed', 'gap') }),
  fc.record({ type: fc.constant('timer'), heardAt: fc.nat(1_000_000), busy: fc.boolean() }),
  fc.record({ type: fc.constant('refreshed'), outcome: fc.constantFrom('renewed', 'denied', 'unreachable') }),
  fc.record({
    type: fc.constantFrom('opened', 'delivered', 'caught_up', 'reset', 'auth_expiring'),
    generation,
  }),
  fc.record({ type: fc.constant('reconnect'), generation, afterMs: fc.nat(5_000) }),
  fc.record({ type: fc.constant('dropped'), generation, error }),
)

/** Most inputs that name an attempt are to name one that exists. */
function aim(state: ConnectionState, next: ConnectionInput): ConnectionInput {
  if (!('generation' in next)) return next
  const named = [state.current, state.successor][next.generation % 3]
  return { ...next, generation: named ?? next.generation }
}

const steps = fc.array(
  fc.record({ input, afterMs: fc.nat(70_000), random: fc.double({ min: 0, max: 0.999, noNaN: true }) }),
  {
    maxLength: 60,
  },
)

it('I1–I5 hold after any inputs in any order', () => {
  fc.assert(
    fc.property(steps, (script) => {
      let now = 1_000
      let state = initialState(now)
      const open = new Set<number>()
      for (const { input: drawn, afterMs, random } of script) {
        now += afterMs
        const next = aim(state, drawn)
        const step = transition(state, next, { ...limits, now, random: () => random })
        if (
          'generation' in next &&
          next.generation !== state.current &&
          next.generation !== state.successor
        ) {
          expect(step).toEqual({ state, effects: [] })
        }
        if (next.type === 'dropped') open.delete(next.generation)
        for (const effect of step.effects) {
          if (effect.type === 'open') {
            expect(effect.generation).toBeGreaterThan(state.generation)
            open.add(effect.generation)
          } else if (effect.type === 'abort') open.delete(effect.generation)
        }
        state = step.state
        const isCarrying =
          state.status === 'connecting' || state.status === 'open' || state.status === 'resyncing'
        expect(state.current !== null).toBe(isCarrying)
        if (state.successor !== null) expect(['open', 'resyncing']).toContain(state.status)
        expect([...open].sort()).toEqual([state.current, state.successor].filter((n) => n !== null).sort())
        const rests = ['idle', 'paused', 'ended', 'failed', 'closed'].includes(state.status)
        expect(deadlineOf(state, limits) === Infinity).toBe(rests)
      }
      const closed = transition(state, { type: 'close' }, { ...limits, now, random: () => 0 }).state
      for (const { input: drawn } of script) {
        expect(transition(closed, aim(closed, drawn), { ...limits, now, random: () => 0 })).toEqual({
          state: closed,
          effects: [],
        })
      }
    }),
    { numRuns: 300 },
  )
})
