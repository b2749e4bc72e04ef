import { describe, expect, it } from 'vitest'
import { initialConversation } from './conversation-fold.ts'
import { reduceConversation } from './conversation-reducer.ts'
import { SNAPSHOT_MESSAGES } from './conversation-state.ts'
import type { ConversationState } from './conversation-state.ts'
import { windowConversation } from './conversation-window.ts'
import type { Envelope } from './envelope.ts'

function fold(told: readonly (readonly [type: string, data: object, runId?: string])[]): ConversationState {
  const events = told.map(([type, data, runId], index): Envelope => {
    const id = `abcdefgh-${String(index + 1)}`
    return { id, type, data, timestamp: index, sessionId: 's', ...(runId === undefined ? {} : { runId }) }
  })
  return reduceConversation(initialConversation('s'), events)
}

const user = (messageId: string) => ['user_message', { messageId, content: 'x' }] as const
const started = (messageId: string, runId: string) =>
  ['message_started', { messageId, role: 'assistant' }, runId] as const
const queued = (runId: string, messageId: string) =>
  ['run_queued', { runId, kind: 'message', messageId }] as const
const ended = (runId: string) => ['run_completed', { runId, status: 'failed' }] as const
const ids = (list: readonly { readonly id: string }[]): string[] => list.map((entry) => entry.id)

describe('a window', () => {
  it('holds the newest messages and says that there are older ones', () => {
    const state = fold(Array.from({ length: SNAPSHOT_MESSAGES + 1 }, (_, index) => user(`u${String(index)}`)))
    const window = windowConversation(state)
    expect(window.messages).toEqual(state.messages.slice(1))
    expect(window.hasOlder).toBe(true)
    expect(windowConversation(state, SNAPSHOT_MESSAGES + 1)).toBe(state)
    expect(windowConversation(window)).toBe(window)
  })

  it('holds what is still streaming and the messages of open runs, however old', () => {
    const state = fold([
      user('u1'),
      queued('r1', 'u1'),
      started('m1', 'r1'),
      ['message_completed', { messageId: 'm1', sessionId: 's', finalContent: '' }],
      started('m2', 'outside'),
      user('u2'),
      user('u3'),
    ])
    expect(ids(windowConversation(state, 1).messages)).toEqual(['m1', 'm2', 'u3'])
  })

  it('holds open runs and those that a held message came from or asked for', () => {
    const state = fold([
      user('u1'),
      queued('gone', 'u1'),
      ended('gone'),
      user('u2'),
      queued('answered', 'u1'),
      started('m2', 'answered'),
      ended('answered'),
      user('u3'),
      queued('asked', 'u3'),
      ended('asked'),
      queued('open', 'u1'),
    ])
    expect(ids(windowConversation(state, 2).messages)).toEqual(['m2', 'u3'])
    expect(ids(windowConversation(state, 2).runs)).toEqual(['answered', 'asked', 'open'])
  })

  it('does not hold an ended run for a message that names it afterwards', () => {
    const state = fold([user('u1'), queued('r1', 'u1'), ended('r1'), started('late', 'r1'), user('u2')])
    expect(windowConversation(state, 1).runs).toEqual([])
  })

  it('does not hold an ended run for a question that was asked anew afterwards', () => {
    const state = fold([user('u1'), queued('r1', 'u1'), ended('r1'), user('u1'), user('u2')])
    expect(windowConversation(state, 2).runs).toEqual([])
  })
})
