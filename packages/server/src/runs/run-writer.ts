import type { Draft, Position } from '@throughline/protocol'

/** What a person tells a running team: a decision on a request, or steering without one. */
export interface RunInputEvent {
  readonly inputId: string
  readonly kind: string
  readonly decision: string
  readonly value?: unknown
}

/** Writes one run's events under its fence; the only way an agent reaches the log. */
export interface RunWriter {
  /**
   * Appends after everything written before. Calls made while an append is under way go together in the next.
   * @throws StreamError `conflict` once the run ended or another owner took it; `signal` is aborted then too.
   */
  write(draft: Draft): Promise<Position>
  /** Tells an ephemeral event (`typing_indicator`, `thinking_status`). */
  ephemeral(draft: Draft): void
  /** Aborted when the run was cancelled, taken over, or its lease was lost. */
  readonly signal: AbortSignal
  /** Inputs as they are resolved, from the claim on. Ends with the run. */
  inputs(): AsyncIterable<RunInputEvent>
  /** The one terminal event, `completed`. Resolves when it is durable; a run that was ended by somebody else keeps that end. */
  complete(usage?: unknown): Promise<void>
  /** The one terminal event, `failed`, after an `error_occurred` that a person can read. */
  fail(error: unknown): Promise<void>
}
