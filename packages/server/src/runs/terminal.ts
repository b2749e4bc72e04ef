import type { Draft, RunEndStatus, RunUsage } from '@throughline/protocol'

export interface RunEnd {
  readonly runId: string
  readonly status: RunEndStatus
  readonly reason?: string
  readonly usage?: RunUsage
}

/** The one terminal event of a run. It is only ever appended in the step that ends the run's lease. */
export function terminalDraft(end: RunEnd): Draft<'run_completed', RunEnd> {
  return { type: 'run_completed', runId: end.runId, data: end }
}
