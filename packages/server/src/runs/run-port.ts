import type { Draft, Envelope, Position } from '@throughline/protocol'

/** A group of events on its way to the log. */
export interface RunBatch {
  /** 1 for a writer's first group, then one more for each. */
  readonly seq: number
  readonly drafts: readonly Draft[]
  /** The last draft is the run's terminal event: the lease ends in the same step. */
  readonly end: boolean
}

/** How one owner of a run reaches the log: in the process, or over HTTP. Errors are `StreamError`s. */
export interface RunPort {
  /**
   * Appends under the fence and renews the lease; the same `seq` again appends nothing and gives the same answer.
   * Resolves to the place of the last draft. @throws `conflict` when the run ended or has another owner
   */
  append(batch: RunBatch): Promise<Position>
  /** Tells an ephemeral event; may be lost. */
  signal(draft: Draft): void
  /** @throws `conflict` */
  renew(): Promise<void>
  /** Gives the run back to the queue. @throws `conflict` */
  release(): Promise<void>
  /** Calls back with what is written about the run, from the claim on, until `signal` aborts. */
  follow(onEvent: (event: Envelope) => void, signal: AbortSignal): Promise<void>
}

/** Types of events that a run's owner has to know about. */
export const FOLLOWED_TYPES: ReadonlySet<string> = new Set(['input_resolved', 'run_completed', 'run_started'])
