import type { LogDriver } from '../log-driver.ts'

/** What stays of a stream. 0 = everything. */
export interface RetentionLimits {
  /** How long after its completion the chunks of a message stay, ms. */
  readonly compactAfterMs: number
  /** Turns whose newest event is older may go, ms. */
  readonly retainMs: number
  /** At least the newest so many events stay. */
  readonly retainEvents: number
  /** At least so many bytes of the newest events stay. */
  readonly retainBytes: number
}

/** What every step of the work needs. */
export interface RetentionWork {
  readonly driver: LogDriver
  readonly now: () => number
  readonly limits: RetentionLimits
  /** Tells whoever folds this stream that its snapshot was replaced. */
  replaced(stream: string): void
  /** Lets others go first. Rejects when the work is to end. */
  pause(): Promise<void>
}
