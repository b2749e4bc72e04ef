import type { Figures } from '../harness/results.ts'
import type { Job, Outcomes } from './generator/job.ts'
import { generate } from './generator.ts'
import type { RunningSubject, Subject } from './subject.ts'

export interface CaseOptions {
  /** How long a stretch is measured; as long again before it warms the server up. */
  readonly measureMs: number
}

/** A run that says nothing of the server, for the generator was at fault: it is tried again. */
export class NotCounted extends Error {}

/** One thing that is measured of several servers side by side. */
export interface Case {
  readonly name: string
  readonly title: string
  /** What its figures are, as the head of a table. */
  readonly columns: Readonly<Record<string, string>>
  readonly subjects: readonly Subject[]
  measure(subject: Subject, options: CaseOptions): Promise<Figures>
}

/** A job without what follows from the server it is for. */
type Task<T extends Job['kind']> = Omit<Extract<Job, { readonly kind: T }>, 'kind' | 'address' | 'pids'>

/** Starts the subject, has the job done against it, and ends it. */
export async function measureOn<T extends Job['kind']>(
  subject: Subject,
  kind: T,
  task: Task<T>,
): Promise<Outcomes[T]> {
  const running = await subject.start()
  try {
    return await runOn(running, kind, task)
  } finally {
    await running.stop()
  }
}

/** Has the job done against a subject that runs. */
export function runOn<T extends Job['kind']>(
  { address, pids }: RunningSubject,
  kind: T,
  task: Task<T>,
): Promise<Outcomes[T]> {
  return generate<T>({ kind, ...task, address, pids } as unknown as Extract<Job, { readonly kind: T }>)
}
