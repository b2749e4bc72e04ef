import type { ChurnJob, Churned } from './churn.ts'
import type { Idled, IdleJob } from './idle.ts'
import type { Filled, FillJob, Joined, JoinJob } from './join.ts'
import type { Paced, PaceJob } from './pace.ts'
import type { Replayed, ReplayJob } from './replay.ts'
import type { Saturated, SaturateJob } from './saturate.ts'

/** What the generator is asked to do. */
export type Job = SaturateJob | PaceJob | IdleJob | ReplayJob | FillJob | JoinJob | ChurnJob

/** What comes of a job, by its kind. */
export interface Outcomes {
  readonly saturate: Saturated
  readonly pace: Paced
  readonly idle: Idled
  readonly replay: Replayed
  readonly fill: Filled
  readonly join: Joined
  readonly churn: Churned
}
