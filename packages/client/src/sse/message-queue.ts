import type { SSEMessage } from './sse-message.ts'

/** How messages are handled and how many may wait. */
export interface MessageQueueOptions {
  /** Handles one message; the next waits for it. */
  readonly process: (message: SSEMessage) => void | Promise<void>
  /** Told of a message that failed each time, and of one there was no room for. */
  readonly onDropped?: (message: SSEMessage, error: unknown) => void
  /** Tries of one message. Default 3. */
  readonly maxTries?: number
  /** Messages that wait. Default 1,000. */
  readonly capacity?: number
}

/**
 * The specification's queue: messages are handled one after the other, in order.
 *
 * Nothing is persisted: the server's log is the queue, and a reload resumes from its cursor. A message that cannot be
 * handled is dropped after some tries, so that it blocks nobody.
 */
export class MessageQueue {
  readonly #options: Required<MessageQueueOptions>
  readonly #waiting: SSEMessage[] = []
  #processing: Promise<void> | undefined

  constructor(options: MessageQueueOptions) {
    this.#options = { onDropped: () => undefined, maxTries: 3, capacity: 1_000, ...options }
  }

  /** Messages that wait, the one being handled included. */
  get size(): number {
    return this.#waiting.length
  }

  /** `false` when there was no room: the message was dropped. */
  enqueue(message: SSEMessage): boolean {
    if (this.#waiting.length >= this.#options.capacity) {
      this.#options.onDropped(message, new Error('The queue is full'))
      return false
    }
    this.#waiting.push(message)
    this.#processing ??= this.#processAll()
    return true
  }

  /** Resolves when nothing waits any longer. */
  async drained(): Promise<void> {
    while (this.#processing !== undefined) await this.#processing
  }

  async #processAll(): Promise<void> {
    for (let message = this.#waiting[0]; message !== undefined; message = this.#waiting[0]) {
      await this.#try(message)
      this.#waiting.shift()
    }
    this.#processing = undefined
  }

  async #try(message: SSEMessage): Promise<void> {
    const { process, maxTries, onDropped } = this.#options
    let failure: unknown
    for (let tries = 0; tries < maxTries; tries++) {
      try {
        await process(message)
        return
      } catch (error) {
        failure = error
      }
    }
    onDropped(message, failure)
  }
}
