import { createRing } from '../store/ring.ts'
import type { SSEMessage } from './sse-message.ts'

/** The specification's memory manager: the newest messages, for looking at them. What is shown is folded instead. */
export class SSEMemoryManager {
  readonly #ring

  /** @param maxMessages default 1,000 */
  constructor(maxMessages = 1_000) {
    this.#ring = createRing<SSEMessage>(maxMessages)
  }

  addMessage(message: SSEMessage): void {
    this.#ring.push(message)
  }

  /** Oldest first. @param count default 50 */
  getRecentMessages(count = 50): readonly SSEMessage[] {
    return this.#ring.recent(count)
  }

  cleanup(): void {
    this.#ring.clear()
  }
}
