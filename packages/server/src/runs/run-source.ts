import type { ClaimedRun, ConversationState } from '@throughline/protocol'
import type { RunWriter } from './run-writer.ts'

/** A run that this process owns until it ends or its lease is lost. Leases are renewed by the source, not the agent. */
export interface OwnedRun extends ClaimedRun {
  readonly writer: RunWriter
  /** The conversation as it stood when the run was claimed. */
  readonly conversation: ConversationState
}

/** Where runs come from: this process's log, or a hub over HTTP. */
export interface RunSource {
  /** Waits up to `waitMs` for a run. `undefined` when none came or the signal was aborted. */
  claim(options: { readonly waitMs: number; readonly signal: AbortSignal }): Promise<OwnedRun | undefined>
  /** Stops renewing; owned runs are released or left to run out. */
  close(): Promise<void>
}
