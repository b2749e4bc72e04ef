/** The fold: what a flush costs while an answer grows, and whether the conversation before it matters. */
import {
  initialConversation,
  reduceConversation,
  type ConversationState,
  type Envelope,
} from '@throughline/protocol'
import { measurePart } from '../harness/part.ts'
import type { Figures } from '../harness/results.ts'

/** Chunks folded at once: 33 ms of 1,000 a second. */
const FLUSH = 33
const FLUSHES = 300
const CONTENT = 'some words of it and '

function* events(): Generator<Envelope, never> {
  for (let offset = 1; ; offset += 1) {
    const turn = Math.floor((offset - 1) / 4)
    const at = (offset - 1) % 4
    const messageId = `m${turn}`
    const base = { id: `abcdefgh-${offset}`, timestamp: offset, sessionId: 's1' } as const
    if (at === 0) yield { ...base, type: 'user_message', data: { messageId: `u${turn}`, content: CONTENT } }
    else if (at === 1) yield { ...base, type: 'message_started', data: { messageId, role: 'assistant' } }
    else if (at === 2)
      yield { ...base, type: 'message_chunk', data: { messageId, content: CONTENT, isComplete: false } }
    else
      yield {
        ...base,
        type: 'message_completed',
        data: { messageId, sessionId: 's1', finalContent: CONTENT },
      }
  }
}

/** A conversation of so many turns whose last answer has begun, and the offset of its last event. */
function conversation(turns: number): { state: ConversationState; offset: number } {
  const source = events()
  const count = (turns - 1) * 4 + 2
  const all = Array.from({ length: count }, () => source.next().value)
  return { state: reduceConversation(initialConversation('s1'), all), offset: count }
}

function measure(turns: number): Figures {
  const { state: begun, offset } = conversation(turns)
  const messageId = `m${turns - 1}`
  const flushes = Array.from({ length: FLUSHES }, (_, flush) =>
    Array.from({ length: FLUSH }, (_, at): Envelope => ({
      id: `abcdefgh-${offset + flush * FLUSH + at + 1}`,
      type: 'message_chunk',
      timestamp: 0,
      sessionId: 's1',
      data: { messageId, content: CONTENT, isComplete: false },
    })),
  )
  let state = begun
  const began = performance.now()
  for (const flush of flushes) state = reduceConversation(state, flush)
  const us = ((performance.now() - began) * 1_000) / FLUSHES
  const length = state.messages.at(-1)?.content.length
  if (length !== FLUSH * FLUSHES * CONTENT.length)
    throw new Error(`the answer has ${String(length)} characters`)
  return { us }
}

await measurePart({
  name: 'reducer',
  title: `µs per flush of ${FLUSH} chunks, ${FLUSHES} flushes of one answer`,
  columns: { us: 'µs per flush' },
  runs: 9,
  subjects: {
    'in a conversation of 1 turn': () => measure(1),
    'of 10 turns': () => measure(10),
    'of 100 turns': () => measure(100),
    'of 500 turns': () => measure(500),
  },
})
