import type { RunUsage } from '@throughline/protocol'
import type { OwnedRun } from '@throughline/server'

/** What a team is given: the run it owns, and when to stop. */
export interface TeamContext {
  /** The claimed run, with its writer and the conversation as it stood then. */
  readonly run: OwnedRun
  /** Aborted when the run ended elsewhere, took too long, or this process is going away. Stop writing then. */
  readonly signal: AbortSignal
  /**
   * Waits for a person. The run then takes no place among those at work, and its time stands still; whoever waited
   * too long, or was the longest when too many wait, gets an error that says so. Absent: waiting is like work.
   */
  readonly park?: Park
}

/** Waits as {@link TeamContext.park} says, until `wait` settles or `signal` is aborted. */
export type Park = <T>(wait: (signal: AbortSignal) => Promise<T>) => Promise<T>

/** Who does the work of a run. */
export interface Team {
  /** Shown to the operator. */
  readonly name: string
  /**
   * Answers through `run.writer` and resolves when nothing more will be written; what was used is told with the end.
   * The terminal event is the engine's.
   * @throws StreamError that a person can act on; anything else becomes a `server_error` without its text.
   */
  run(context: TeamContext): Promise<RunUsage | undefined>
}
