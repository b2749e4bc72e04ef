import type {
  Attachment,
  ConversationState,
  Message,
  StreamError,
  StreamErrorCode,
} from '@throughline/protocol'
import type { OutboxEntry } from '../outbox/command.ts'

/** An agent, or the assistant when `agentId` is `null`, that is typing or thinking now. Lapses after 10 s or with its run. */
export interface Activity {
  readonly kind: 'typing' | 'thinking'
  readonly agentId: string | null
  readonly runId: string | null
  /** What it says it is doing. */
  readonly label: string | null
}

/** A message on its way to the server. It is shown at once and replaced in place by the stored one, which has its id. */
export interface OutgoingMessage {
  readonly id: string
  readonly content: string
  /** Absent when it was written before the conversation was known: the server then puts it at the end. */
  readonly parentId?: string | null
  readonly attachments: readonly Attachment[]
  readonly createdAt: number
  /** `sending`: on its way, or waiting for its turn or the network. `failed`: refused; `retry` or `discard` it. */
  readonly state: 'sending' | 'failed'
  readonly error: StreamError | null
}

/** How a chat stands; how its connection stands is another thing. */
export type ChatStatus = 'ready' | 'submitted' | 'streaming' | 'error'

/** What a session shows. Its identity changes only at a flush; what did not change keeps its own. */
export interface SessionSnapshot {
  readonly conversation: ConversationState
  /** Older pages, the conversation's messages and those on their way, in the order they began. */
  readonly messages: readonly Message[]
  /** The path through the tree of messages that is shown. */
  readonly branch: readonly Message[]
  readonly status: ChatStatus
  /** Whether anything is known yet: a first snapshot, or one kept from before. */
  readonly loaded: boolean
  readonly hasOlder: boolean
  readonly outgoing: readonly OutgoingMessage[]
  /** Every command on its way or refused, and the newest of those that are over. */
  readonly outbox: readonly OutboxEntry[]
  readonly activity: readonly Activity[]
  /** Why the hub no longer serves this session. */
  readonly closed: StreamErrorCode | null
}
