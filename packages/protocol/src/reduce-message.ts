import { isOpenRun } from './conversation-edit.ts'
import type { ConversationEdit, Reducers } from './conversation-edit.ts'
import { RUNLESS } from './conversation-state.ts'
import type { Message } from './conversation-state.ts'
import type { Envelope } from './envelope.ts'
import type { RunEndStatus } from './events.ts'
import { newestBy } from './newest-by.ts'
import { sessionTitle } from './session-title.ts'

export const messageReducers = {
  user_message(edit, data, envelope) {
    edit.title ||= sessionTitle(data.content)
    forgetRunless(edit)
    beginMessage(edit, envelope, {
      id: data.messageId,
      role: 'user',
      content: data.content,
      status: 'complete',
      integrity: 'complete',
      attachments: data.attachments ?? [],
      endedAt: edit.updatedAt,
    })
  },
  message_started(edit, data, envelope) {
    beginMessage(edit, envelope, { id: data.messageId, agentId: data.agentId ?? envelope.agentId ?? null })
  },
  /** Appends a delta. For a message that was never begun or has ended there is nothing to append to. */
  message_chunk(edit, data) {
    const message = edit.messages.getOpen(data.messageId)
    if (message === undefined) return
    // Without `change`: nothing comes as often as chunks.
    edit.messages.put({
      ...message,
      content: message.content + data.content,
      citations: newestBy('n', message.citations, data.metadata?.citations),
    })
  },
  /** Ends a message with its whole text, which also heals what was assembled wrongly. */
  message_completed(edit, { messageId, finalContent, citations }) {
    edit.messages.change(messageId, (message) => ({
      content: finalContent,
      status: 'complete',
      integrity: message.bridged || message.content === finalContent ? 'complete' : 'diverged',
      citations: citations ?? message.citations,
      bridged: false,
      endedAt: edit.updatedAt,
    }))
  },
} satisfies Partial<Reducers>

/** Ends the messages that a run leaves unfinished; their partial text stays. */
export function cutMessages(edit: ConversationEdit, runId: string, status: RunEndStatus): void {
  for (const message of edit.messages.open()) {
    if (message.runId !== runId) continue
    edit.messages.put({
      ...message,
      // A run that says it completed has not completed a message it left open.
      status: status === 'completed' ? 'interrupted' : status,
      integrity: 'truncated',
      bridged: false,
      endedAt: edit.updatedAt,
    })
  }
}

/** Events were compacted away before this reader saw them; they may have been chunks of any open message. */
export function bridgeMessages(edit: ConversationEdit): void {
  for (const message of edit.messages.open()) {
    if (!message.bridged) edit.messages.put({ ...message, bridged: true })
  }
}

/**
 * A message that begins a second time (a producer started over) stands anew at its new place. So it is the same
 * to a reader who holds the first and to one whose window has dropped it; `hasOlder` is how that one sees it.
 */
function beginMessage(
  edit: ConversationEdit,
  envelope: Envelope,
  begun: Partial<Message> & Pick<Message, 'id'>,
): void {
  if (edit.messages.remove(begun.id)) edit.hasOlder = true
  edit.messages.put({
    role: 'assistant',
    parentId: envelope.parentId ?? null,
    runId: envelope.runId ?? null,
    agentId: envelope.agentId ?? null,
    content: '',
    status: 'streaming',
    integrity: 'open',
    citations: [],
    attachments: [],
    offset: edit.offset,
    createdAt: edit.updatedAt,
    endedAt: null,
    bridged: false,
    ...begun,
  })
}

/** What belonged to no run is of the turn that a new message ends. */
function forgetRunless(edit: ConversationEdit): void {
  const runless = edit.runs.get(RUNLESS)
  if (runless && !isOpenRun(runless)) edit.runs.remove(RUNLESS)
}
