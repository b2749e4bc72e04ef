import { constants, setPriority } from 'node:os'
import { churn } from './churn.ts'
import { idle } from './idle.ts'
import type { Job } from './job.ts'
import { fill, join } from './join.ts'
import { pace } from './pace.ts'
import { replay } from './replay.ts'
import { saturate } from './saturate.ts'

/** The load generator: a process of its own that does one job and tells what came of it. */
function run(job: Job): Promise<unknown> {
  switch (job.kind) {
    case 'saturate':
      return saturate(job)
    case 'pace':
      return pace(job)
    case 'idle':
      return idle(job)
    case 'replay':
      return replay(job)
    case 'fill':
      return fill(job)
    case 'join':
      return join(job)
    case 'churn':
      return churn(job)
  }
}

// What else the machine does must not make the timetable late; whoever may not ask for that goes without.
try {
  setPriority(constants.priority.PRIORITY_HIGH)
} catch {
  // Only the administrator may.
}

process.once('disconnect', () => process.exit(1))
process.once('message', (job) => {
  run(job as Job)
    .then(
      (outcome) => ({ outcome }),
      (error: unknown) => ({ error: error instanceof Error ? error.message : String(error) }),
    )
    .then((answer) => process.send?.(answer, () => process.exit()))
    .catch(() => process.exit(1))
})
