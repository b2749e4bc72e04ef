import { defaultEnvironment } from '../environment.ts'
import type { Environment, Timer } from '../environment.ts'
import type { SSEMessage } from './sse-message.ts'

/** When a batch is full and who takes it. */
export interface MessageBatcherOptions {
  /** Takes a batch, in the order of arrival. */
  readonly processBatch: (batch: readonly SSEMessage[]) => void
  /** Default 10. */
  readonly batchSize?: number
  /** Longest wait of a message, ms. Default 100. */
  readonly batchTimeout?: number
  /** Default: the platform's. */
  readonly environment?: Pick<Environment, 'setTimer' | 'clearTimer'>
}

/** The specification's batcher, for what is not shown (which is flushed by frame): `dispose` loses nothing. */
export class MessageBatcher {
  readonly #processBatch: MessageBatcherOptions['processBatch']
  readonly #size: number
  readonly #timeoutMs: number
  readonly #environment: Pick<Environment, 'setTimer' | 'clearTimer'>
  #batch: SSEMessage[] = []
  #timer: Timer

  constructor(options: MessageBatcherOptions) {
    this.#processBatch = options.processBatch
    this.#size = options.batchSize ?? 10
    this.#timeoutMs = options.batchTimeout ?? 100
    this.#environment = options.environment ?? defaultEnvironment()
  }

  addMessage(message: SSEMessage): void {
    this.#batch.push(message)
    if (this.#batch.length >= this.#size) this.flush()
    else
      this.#timer ??= this.#environment.setTimer(() => {
        this.flush()
      }, this.#timeoutMs)
  }

  /** Hands on what waits, now. */
  flush(): void {
    this.#environment.clearTimer(this.#timer)
    this.#timer = undefined
    const batch = this.#batch
    this.#batch = []
    if (batch.length > 0) this.#processBatch(batch)
  }

  /** Hands on what waits; to be called at the end. */
  dispose(): void {
    this.flush()
  }
}
