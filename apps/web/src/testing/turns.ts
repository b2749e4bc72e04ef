import type { Message, Run } from '@throughline/protocol'
import type { ConversationCommands } from '../components/conversation/commands.ts'

const RUN: Run = {
  id: 'run',
  kind: 'message',
  messageId: 'q',
  status: 'running',
  reason: null,
  agents: [],
  plan: [],
  findings: [],
  inputs: [],
  answers: [],
  failure: null,
  offset: 2,
  endOffset: null,
  queuedAt: 0,
  startedAt: 0,
  endedAt: null,
}

/** Commands that do nothing, but for those given. */
export function commandsWith(given: Partial<ConversationCommands> = {}): ConversationCommands {
  const nothing = (): void => undefined
  return {
    ask: nothing,
    regenerate: nothing,
    continueRun: nothing,
    edit: nothing,
    retry: nothing,
    discard: nothing,
    selectBranch: nothing,
    stop: nothing,
    loadOlder: nothing,
    resolve: () => Promise.resolve(true),
    steer: () => Promise.resolve(true),
    ...given,
  }
}

/** A question, as a person asked it. */
export function questionOf(change: Partial<Message> = {}): Message {
  return {
    id: 'q',
    role: 'user',
    parentId: null,
    runId: null,
    agentId: null,
    content: 'How do I read cookies?',
    status: 'complete',
    integrity: 'complete',
    citations: [],
    attachments: [],
    offset: 1,
    createdAt: 0,
    endedAt: 0,
    bridged: false,
    ...change,
  }
}

/** A run of a team at work. */
export function runOf(change: Partial<Run> = {}): Run {
  return { ...RUN, ...change }
}
