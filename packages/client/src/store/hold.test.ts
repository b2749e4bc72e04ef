import { windowConversation } from '@throughline/protocol'
import { describe, expect, it } from 'vitest'
import { createClientWorld } from '../testing/client-world.ts'

describe('a session that goes on and on', () => {
  it('holds a bounded part of itself, as a joining reader would see it, and has the rest fetched', async () => {
    const { hub, session, watch, advance } = createClientWorld()
    await watch()
    let most = 0
    for (let at = 0; at < 1_500; at++) {
      const runId = `r${String(at)}`
      const scope = { runId, parentId: at === 0 ? null : `m${String(at - 1)}` }
      const messageId = `m${String(at)}`
      hub.append('s1', { type: 'run_queued', data: { runId, kind: 'message', messageId }, runId })
      hub.append('s1', { type: 'user_message', data: { messageId, content: 'a question' }, ...scope })
      hub.append('s1', { type: 'run_completed', data: { runId, status: 'completed' }, runId })
      if (at % 50 === 0) await advance(100)
      const { messages, conversation } = session.getSnapshot()
      most = Math.max(most, messages.length, conversation.runs.length)
    }
    await advance(100)
    expect(most).toBeLessThanOrEqual(450)
    const { conversation, hasOlder, messages } = session.getSnapshot()
    expect(hasOlder).toBe(true)
    expect(windowConversation(conversation)).toEqual(windowConversation(hub.stream('s1').state))
    const before = messages[0]?.id
    await Promise.all([session.loadOlder(), advance(100)])
    const ids = session.getSnapshot().messages.map(({ id }) => id)
    expect(ids.indexOf(before ?? '')).toBe(50)
    expect(ids).toEqual(ids.map((_, at) => `m${String(1_500 - ids.length + at)}`))
  })

  it('lets go of long texts sooner, but never of the newest 50', async () => {
    const { hub, session, watch, advance, chunk, startMessage } = createClientWorld()
    await watch()
    const long = 'x'.repeat(100_000)
    for (let at = 0; at < 120; at++) {
      const messageId = `m${String(at)}`
      startMessage(messageId)
      chunk(messageId, long)
      hub.append('s1', {
        type: 'message_completed',
        data: { messageId, sessionId: 's1', finalContent: long },
      })
      await advance(50)
    }
    const { messages } = session.getSnapshot()
    expect(messages.length).toBeGreaterThanOrEqual(50)
    expect(messages.length).toBeLessThan(60)
    expect(messages.at(-1)?.id).toBe('m119')
  })
})
