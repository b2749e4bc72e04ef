import type { Draft } from '@throughline/protocol'

/** Turns of a conversation: messages of several chunks, one after another, with notes between. */
export function createWriter(below: (count: number) => number): (stream: string) => Draft {
  const open = new Map<string, { messageId: string; content: string }>()
  let count = 0
  return (stream) => {
    const message = open.get(stream)
    if (message === undefined) {
      const messageId = `m${String(++count)}`
      open.set(stream, { messageId, content: '' })
      return { type: 'message_started', messageId, parentId: null, data: { messageId, role: 'assistant' } }
    }
    const { messageId, content } = message
    if (below(5) === 0) {
      open.delete(stream)
      const data = { messageId, sessionId: stream, finalContent: content }
      return { type: 'message_completed', messageId, data }
    }
    if (below(4) === 0) return { type: 'note', data: { at: ++count } }
    const delta = `${String(++count)} ${'ä'.repeat(below(200))} `
    open.set(stream, { messageId, content: content + delta })
    return { type: 'message_chunk', messageId, data: { messageId, content: delta, isComplete: false } }
  }
}
