import type { Message, Run } from '@throughline/protocol'
import type { OutboxEntry } from '../outbox/command.ts'
import { MAX_OLDER } from '../store/rejoin.ts'
import type { Folded } from '../store/session-store.ts'
import { keepList, shownBranch } from './branch.ts'
import type { BranchChoices } from './branch.ts'
import type { ChatStatus, OutgoingMessage, SessionSnapshot } from './snapshot.ts'

export interface SessionParts {
  readonly folded: Folded
  readonly outgoing: readonly OutgoingMessage[]
  readonly outbox: readonly OutboxEntry[]
  readonly choices: BranchChoices
}

/** What a session shows, made of what it knows. What did not change keeps its identity. */
export function compose(
  { folded, outgoing, outbox, choices }: SessionParts,
  before?: SessionSnapshot,
): SessionSnapshot {
  const { conversation, older, activity, loaded, closed } = folded
  const last = conversation.messages.at(-1)?.id ?? null
  const all = [...older, ...conversation.messages, ...outgoing.map((message) => asMessage(message, last))]
  const messages =
    older.length + outgoing.length === 0 ? conversation.messages : keepList(before?.messages, all)
  return {
    conversation,
    messages,
    branch: keepList(before?.branch, shownBranch(messages, choices)),
    status: chatStatus(conversation.runs, outgoing),
    loaded,
    hasOlder: conversation.hasOlder && older.length < MAX_OLDER,
    outgoing,
    outbox,
    activity,
    closed,
  }
}

/** The state of a chat, from its runs and what is still on its way. */
function chatStatus(runs: readonly Run[], outgoing: readonly OutgoingMessage[]): ChatStatus {
  if (runs.some(({ status }) => status === 'running')) return 'streaming'
  const isAsked = runs.some(({ status }) => status === 'queued')
  if (isAsked || outgoing.some(({ state }) => state === 'sending')) return 'submitted'
  const hasFailed = runs.at(-1)?.status === 'failed' || outgoing.some(({ state }) => state === 'failed')
  return hasFailed ? 'error' : 'ready'
}

const shownAs = new WeakMap<OutgoingMessage, Message>()

/** A message on its way as it will look once it is stored. */
function asMessage(outgoing: OutgoingMessage, last: string | null): Message {
  const { id, content, parentId = last, attachments, createdAt } = outgoing
  const known = shownAs.get(outgoing)
  if (known?.parentId === parentId) return known
  const message: Message = {
    id,
    role: 'user',
    parentId,
    runId: null,
    agentId: null,
    content,
    status: 'complete',
    integrity: 'open',
    citations: [],
    attachments,
    offset: Number.MAX_SAFE_INTEGER,
    createdAt,
    endedAt: null,
    bridged: false,
  }
  shownAs.set(outgoing, message)
  return message
}
