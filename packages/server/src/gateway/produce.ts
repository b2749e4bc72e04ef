import { EPHEMERAL_TYPES, StreamError, type Draft, type Position } from '@throughline/protocol'
import type { AppendOptions, EventLog } from '@throughline/log'
import { isReservedName } from '../runs/names.ts'
import { fieldsOf } from '../fields.ts'

/** Events of a producer, checked one by one. */
export interface Produced {
  readonly sessionId: string
  readonly drafts: readonly Draft[]
  readonly producerId: string
  readonly producerSeq: number
  /** Number of the last draft, when each is a batch of its own. */
  readonly through?: number
  readonly runId?: string
  readonly fence?: number
}

export interface ProduceContext {
  readonly log: EventLog
  readonly now: () => number
  readonly leaseMs: number
}

const EPHEMERAL: ReadonlySet<string> = new Set(EPHEMERAL_TYPES)

/** Types that only the step which changes a run's lease may write. */
const LEASE_TYPES: ReadonlySet<string> = new Set(['run_queued', 'run_started'])

/**
 * Appends what a producer sent. A terminal event under the run's fence ends the run in the same step.
 * @throws StreamError `conflict` for a gap, a stale fence or a run that ended; `invalid_request`
 */
export function appendProduced(context: ProduceContext, produced: Produced): Promise<Position> {
  // Not an `async` function: what waits for the write would keep all that was sent.
  try {
    const { sessionId, producerId, runId, fence } = produced
    if (isReservedName(producerId)) throw invalid('producerId must not begin with "__".')
    if (fence !== undefined && runId === undefined) throw invalid('A fence is of a run: send its runId.')
    const drafts =
      runId === undefined ? produced.drafts : produced.drafts.map((draft) => ({ runId, ...draft }))
    const ends = judge(drafts, produced)
    if (!mayBeOwned(produced)) return append(context, produced, drafts, ends)
    return requireUnleased(context.log, sessionId, drafts).then(() => append(context, produced, drafts, ends))
  } catch (error) {
    return Promise.reject(error instanceof Error ? error : new Error(String(error)))
  }
}

function append(
  context: ProduceContext,
  produced: Produced,
  drafts: readonly Draft[],
  ends: boolean,
): Promise<Position> {
  const { log } = context
  const { sessionId, producerId, producerSeq, through = producerSeq } = produced
  const ephemerals = drafts.filter(isEphemeral)
  const stored = ephemerals.length === 0 ? drafts : drafts.filter((draft) => !isEphemeral(draft))
  // Alone it may be one that is not stored.
  const producer = through > producerSeq ? { producerId, producerSeq, through } : { producerId, producerSeq }
  const appending = log.append(sessionId, stored, { producer, ...leased(context, produced, ends) })
  return appending.then(({ head, repeated }) => {
    if (!repeated) for (const draft of ephemerals) log.signal(sessionId, draft)
    return head
  })
}

/** Whether it is to be asked first if somebody owns the run: what follows must not overtake it. */
export function mayBeOwned({ runId, fence, drafts }: Produced): boolean {
  return fence === undefined && (runId !== undefined || drafts.some((draft) => draft.runId !== undefined))
}

/** What is asked of, and done to, the run whose owner this is. */
function leased(
  { now, leaseMs }: ProduceContext,
  { runId, fence }: Produced,
  ends: boolean,
): Pick<AppendOptions, 'fence' | 'endRun' | 'session'> | undefined {
  if (fence === undefined || runId === undefined) return undefined
  const time = now()
  const ending = ends ? { endRun: runId, session: { updatedAt: time } } : undefined
  return { fence: { runId, fence, renew: { now: time, ttlMs: leaseMs } }, ...ending }
}

/** Whether the drafts end their run. @throws StreamError `invalid_request`, `conflict` */
function judge(drafts: readonly Draft[], { runId, fence }: Produced): boolean {
  let ends = false
  for (const [index, draft] of drafts.entries()) {
    if (LEASE_TYPES.has(draft.type)) throw invalid(`${draft.type} is written by the server alone.`)
    if (fence !== undefined && draft.runId !== runId)
      throw invalid('Under a fence, events are of its run alone.')
    if (draft.type !== 'run_completed') continue
    if (fence === undefined)
      throw new StreamError('conflict', 'Only its owner ends a run: send runId and fence.')
    if (index !== drafts.length - 1) throw invalid('Nothing comes after run_completed.')
    if (fieldsOf(draft.data)['runId'] !== runId)
      throw invalid('data.runId of run_completed must be the runId.')
    ends = true
  }
  return ends
}

/** A worker that forgot its fence could go on writing after it lost its run. @throws StreamError `conflict` */
async function requireUnleased(log: EventLog, sessionId: string, drafts: readonly Draft[]): Promise<void> {
  const named = new Set(drafts.flatMap((draft) => draft.runId ?? []))
  for (const runId of named) {
    if ((await log.driver.leases.get(sessionId, runId)) === undefined) continue
    throw new StreamError('conflict', 'This run is leased: send its fence.')
  }
}

function isEphemeral(draft: Draft): boolean {
  return EPHEMERAL.has(draft.type)
}

function invalid(detail: string): StreamError {
  return new StreamError('invalid_request', detail, { status: 400 })
}
