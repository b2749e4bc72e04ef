import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { initialConversation } from './conversation-fold.ts'
import { reduceConversation } from './conversation-reducer.ts'
import { parseSnapshot } from './conversation-snapshot.ts'
import { serializeSnapshot } from './serialize-snapshot.ts'
import { REDUCER_VERSION } from './conversation-state.ts'
import type { ConversationState } from './conversation-state.ts'
import { windowConversation } from './conversation-window.ts'
import type { Envelope } from './envelope.ts'
import type { KnownEventType } from './events.ts'

const EPOCH = 'abcdefgh'

type Step = Omit<Envelope, 'id' | 'prev' | 'sessionId'> & { readonly skip: number }

const messageId = fc.constantFrom('m0', 'm1', 'm2', 'm3')
const runId = fc.constantFrom('r0', 'r1')
const agentId = fc.constantFrom('a0', 'a1', 'a2')
const inputId = fc.constantFrom('i0', 'i1')
const word = fc.constantFrom('', 'a', 'bc', '🌊', '\ud83c')
const kind = fc.constantFrom('message', 'regenerate', 'continue')
const citation = fc.record({
  n: fc.integer({ min: 1, max: 3 }),
  documentId: word,
  title: word,
  start: fc.nat(9),
  end: fc.nat(9),
  quote: word,
})
const metadata = fc.record({ tokens: fc.nat(9), citations: fc.array(citation, { maxLength: 2 }) })
const agentName = agentId

/** Data of each type, from so few names that events meet again and again. */
const DATA: { readonly [T in KnownEventType]?: fc.Arbitrary<unknown> } = {
  user_message: fc.record({ messageId, content: word }),
  message_started: fc.record({ messageId, role: fc.constant('assistant') }),
  message_chunk: fc.record(
    { messageId, content: word, isComplete: fc.boolean(), metadata },
    { requiredKeys: ['messageId', 'content', 'isComplete'] },
  ),
  message_completed: fc.record({ messageId, sessionId: fc.constant('s'), finalContent: word }),
  run_queued: fc.record({ runId, kind, messageId }),
  run_started: fc.record({ runId, kind, attempt: fc.nat(2) }),
  run_completed: fc.record({
    runId,
    status: fc.constantFrom('completed', 'failed', 'cancelled', 'interrupted'),
  }),
  agent_started: fc.record({ agentId, agentName }),
  agent_progress: fc.record({
    agentId,
    agentName,
    status: fc.constantFrom('idle', 'working', 'completed', 'error'),
    progress: fc.oneof(fc.integer({ min: -50, max: 150 }), fc.constant(null)),
    currentTask: word,
    estimatedTimeRemaining: fc.option(fc.nat(9)),
  }),
  agent_completed: fc.record({ agentId, agentName, status: fc.constantFrom('completed', 'error') }),
  error_occurred: fc.record({ code: word, message: word, retryable: fc.boolean() }),
  research_plan: fc.record({
    questions: fc.array(fc.record({ id: word, question: word }), { maxLength: 2 }),
  }),
  research_results: fc.record({
    findings: fc.array(fc.record({ questionId: word, question: word, citations: fc.array(citation) }), {
      maxLength: 2,
    }),
  }),
  input_requested: fc.record({ inputId, kind: word, prompt: word }),
  input_resolved: fc.record({ inputId, kind: word, decision: word }),
  session_updated: fc.record({ title: word, archived: fc.boolean() }, { requiredKeys: [] }),
}

/** What begins and ends messages and runs: where windows and batches could go wrong. */
const OFTEN = /^(user_message|message_started|message_completed|run_.*)$/

const event = fc.oneof(
  ...Object.entries(DATA).map(([type, data]) => ({
    weight: OFTEN.test(type) ? 4 : 1,
    arbitrary: fc.record({ type: fc.constant(type), data }),
  })),
  fc.record({ type: fc.constantFrom('note', 'message_chunk', 'run_completed'), data: fc.anything() }),
)
const scope = fc.record({ runId, agentId, parentId: messageId }, { requiredKeys: [] })
const step: fc.Arbitrary<Step> = fc
  .tuple(
    event,
    scope,
    fc.nat(5),
    fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(3) }),
  )
  .map(([told, ids, timestamp, skip]) => ({ ...told, ...ids, timestamp, skip }))

/** Any history: whatever producers may write, in whatever order; some of it compacted away. */
const history = fc.array(step, { maxLength: 60 }).map((steps) => {
  let offset = 0
  return steps.map(({ skip, ...told }): Envelope => {
    const prev = offset
    offset += 1 + skip
    return { ...told, id: `${EPOCH}-${String(offset)}`, sessionId: 's', ...(skip > 0 ? { prev } : {}) }
  })
})

const fold = (events: readonly Envelope[], from = initialConversation('s')): ConversationState =>
  reduceConversation(from, events)

describe('the fold of any history', () => {
  it('is the same in whatever batches it comes', () => {
    fc.assert(
      fc.property(history, fc.array(fc.nat(60), { maxLength: 6 }), (events, cuts) => {
        const places = [
          0,
          ...cuts.map((cut) => cut % (events.length + 1)).sort((a, b) => a - b),
          events.length,
        ]
        const batches = places.slice(1).map((end, index) => events.slice(places[index], end))
        expect(batches.reduce((state, batch) => fold(batch, state), initialConversation('s'))).toEqual(
          fold(events),
        )
        expect(events.reduce((state, one) => fold([one], state), initialConversation('s'))).toEqual(
          fold(events),
        )
      }),
    )
  })

  it('R7 is the same when any of it comes again', () => {
    fc.assert(
      fc.property(history, fc.nat(60), fc.nat(60), (events, back, from) => {
        const half = from % (events.length + 1)
        const again = events.slice(Math.max(0, half - back))
        expect(fold(again, fold(events.slice(0, half)))).toEqual(fold(events))
      }),
    )
  })

  it('changes nothing that was handed out before', () => {
    fc.assert(
      fc.property(history, fc.nat(60), (events, cut) => {
        const half = cut % (events.length + 1)
        const before = fold(events.slice(0, half))
        const copy = structuredClone(before)
        fold(events.slice(half), before)
        expect(before).toEqual(copy)
      }),
    )
  })

  it('goes on from a window of any prefix to the same window', () => {
    fc.assert(
      fc.property(history, fc.nat(60), fc.integer({ min: 0, max: 4 }), (events, cut, messages) => {
        const half = cut % (events.length + 1)
        const joined = windowConversation(fold(events.slice(0, half)), messages)
        expect(windowConversation(fold(events.slice(half), joined), messages)).toEqual(
          windowConversation(fold(events), messages),
        )
      }),
      { numRuns: 3_000 },
    )
  })

  it('comes back from its snapshot', () => {
    fc.assert(
      fc.property(history, (events) => {
        const state = fold(events)
        expect(parseSnapshot(REDUCER_VERSION, serializeSnapshot(state))).toEqual(state)
      }),
    )
  })
})

/** What one well-behaved producer writes: messages begin, grow, and complete with the text they grew to. */
const orderly = fc
  .array(
    fc.tuple(fc.integer({ min: 0, max: 2 }), fc.constantFrom('grow', 'grow', 'grow', 'end', 'cut'), word),
    {
      maxLength: 40,
    },
  )
  .map((steps) => {
    const texts = new Map<string, string>()
    const events: { type: string; data: Record<string, unknown>; runId: string }[] = []
    const lives = new Map<number, number>()
    for (const [slot, what, content] of steps) {
      const id = `m${String(slot)}-${String(lives.get(slot) ?? 0)}`
      const runId = `r-${id}`
      const text = texts.get(id)
      if (text === undefined) {
        texts.set(id, '')
        events.push({ type: 'message_started', data: { messageId: id, role: 'assistant' }, runId })
      } else if (what === 'grow') {
        texts.set(id, text + content)
        events.push({ type: 'message_chunk', data: { messageId: id, content, isComplete: false }, runId })
      } else {
        lives.set(slot, (lives.get(slot) ?? 0) + 1)
        events.push(
          what === 'end'
            ? {
                type: 'message_completed',
                data: { messageId: id, sessionId: 's', finalContent: text },
                runId,
              }
            : { type: 'run_completed', data: { runId, status: 'interrupted' }, runId },
        )
      }
    }
    return events.map((told, index): Envelope => {
      return { ...told, id: `${EPOCH}-${String(index + 1)}`, timestamp: index, sessionId: 's' }
    })
  })

/** What is left once the chunks of completed messages were compacted away. PROTOCOL.md §9. */
function compact(events: readonly Envelope[]): Envelope[] {
  const idOf = ({ data }: Envelope): unknown => (data as { messageId?: string }).messageId
  const done = new Set(events.filter((one) => one.type === 'message_completed').map(idOf))
  let last = 0
  return events.flatMap((one, index) => {
    if (one.type === 'message_chunk' && done.has(idOf(one))) return []
    const prev = last
    last = index + 1
    return [prev === index ? one : { ...one, prev }]
  })
}

describe('R6 a log that was compacted', () => {
  it('adds up to the same for whoever reads it from any point, but for what is still open', () => {
    fc.assert(
      fc.property(orderly, fc.nat(60), (events, cut) => {
        const half = cut % (events.length + 1)
        const settle = (state: ConversationState): ConversationState => ({
          ...state,
          messages: state.messages.map((message) => ({ ...message, bridged: false })),
          position: null,
          updatedAt: 0,
        })
        const read = fold(compact(events), fold(events.slice(0, half)))
        expect(settle(read)).toEqual(settle(fold(events)))
        expect(read.messages.filter((message) => message.integrity === 'diverged')).toEqual([])
      }),
    )
  })
})
