import { SSEMessageType, isEvent } from '@throughline/protocol'
import type { AgentStatus, Envelope, EventData } from '@throughline/protocol'
import type { SSEMessage } from './sse-message.ts'

/** The parts of the application's stores that messages change. `@throughline/react` has them. */
export interface MessageTargets {
  readonly agents?: {
    updateAgentProgress(
      agentId: string,
      patch: {
        readonly agentName: string
        readonly status: AgentStatus
        readonly progress: number
        readonly currentTask: string
        readonly estimatedTimeRemaining: number | null
        readonly lastUpdate: Date
      },
    ): void
  }
  readonly chat?: {
    updateMessageChunk(messageId: string, content: string, isComplete: boolean): void
    setTyping(isTyping: boolean): void
    completeMessage(messageId: string, finalContent: string): void
  }
  readonly sessions?: { updateLastActivity(sessionId: string, at: number): void }
  /** Told of each message that was handled. */
  readonly notify?: (type: SSEMessageType, data: unknown) => void
}

/** The specification's handler: carries messages to stores. A message whose data is malformed changes nothing. */
export class MessageHandler {
  readonly #targets: MessageTargets

  constructor(targets: MessageTargets = {}) {
    this.#targets = targets
  }

  /** Takes any message and hands it to the method for its type. */
  handle(message: SSEMessage): void {
    const event: Envelope = message
    if (isEvent(event, SSEMessageType.AGENT_PROGRESS)) this.handleAgentProgress(event)
    else if (isEvent(event, SSEMessageType.MESSAGE_CHUNK)) this.handleMessageChunk(event)
    else if (isEvent(event, SSEMessageType.TYPING_INDICATOR)) this.handleTypingIndicator(event)
    else if (isEvent(event, SSEMessageType.MESSAGE_COMPLETED)) this.handleMessageCompleted(event)
  }

  handleAgentProgress({ data, timestamp }: Told<'agent_progress'>): void {
    const { agentId, agentName, status, currentTask, estimatedTimeRemaining } = data
    const progress = Math.min(100, Math.max(0, data.progress))
    const lastUpdate = new Date(timestamp)
    const patch = { agentName, status, progress, currentTask, estimatedTimeRemaining, lastUpdate }
    this.#targets.agents?.updateAgentProgress(agentId, patch)
    this.#targets.notify?.(SSEMessageType.AGENT_PROGRESS, data)
  }

  handleMessageChunk({ data }: Told<'message_chunk'>): void {
    this.#targets.chat?.updateMessageChunk(data.messageId, data.content, data.isComplete)
    if (data.isComplete) this.#targets.chat?.setTyping(false)
    this.#targets.notify?.(SSEMessageType.MESSAGE_CHUNK, data)
  }

  handleTypingIndicator({ data }: Told<'typing_indicator'>): void {
    this.#targets.chat?.setTyping(data.isTyping)
    this.#targets.notify?.(SSEMessageType.TYPING_INDICATOR, data)
  }

  handleMessageCompleted({ data, timestamp }: Told<'message_completed'>): void {
    this.#targets.chat?.completeMessage(data.messageId, data.finalContent)
    this.#targets.chat?.setTyping(false)
    this.#targets.sessions?.updateLastActivity(data.sessionId, timestamp)
    this.#targets.notify?.(SSEMessageType.MESSAGE_COMPLETED, data)
  }
}

/** A message of one type, as far as a handler needs it. */
export interface Told<T extends keyof EventData> {
  readonly data: EventData[T]
  /** Server's clock, ms. */
  readonly timestamp: number
}
