import type { AppendRequest, Appended, RunLease, SessionRecord } from '../../log-driver.ts'
import { endedLease, fencedLease, queuedLease } from './leases.ts'
import { placeAfter, type Extent } from './places.ts'
import { countAccepted, lastOf, type ProducerState } from './producers.ts'
import { conflict } from './refusals.ts'
import { changedSession } from './sessions.ts'

/** What an append is judged against: everything accepted so far, written or not. */
export interface AppendView {
  readonly extent: Extent
  readonly session: SessionRecord
  /** Of the request's producer. */
  readonly producer: ProducerState | undefined
  lease(runId: string): RunLease | undefined
}

/** What an append changes. */
export interface AppendPlan {
  readonly appended: Appended
  readonly producer: ProducerState | undefined
  /** New states of runs, at most one for each. */
  readonly leases: readonly RunLease[]
  readonly session: SessionRecord | undefined
}

const NO_LEASES: readonly RunLease[] = []

/** Judges an append and says what it changes; nothing is changed here. @throws `conflict` */
export function planAppend(view: AppendView, request: AppendRequest): AppendPlan {
  const { epoch, head } = view.extent
  const { producer, session } = request
  // First of all: a repeat gets its old answer even when its run has ended since.
  const accepted = producer === undefined ? 0 : countAccepted(view.producer, producer)
  if (producer !== undefined && accepted > lastOf(producer) - producer.producerSeq) {
    const appended = { events: [], head: view.producer?.head ?? { epoch, offset: head }, repeated: true }
    return { appended, producer: undefined, leases: NO_LEASES, session: undefined }
  }
  const leases = planLeases(view, request)
  const events = placeAfter(head, accepted === 0 ? request.drafts : request.drafts.slice(accepted))
  const newHead = { epoch, offset: head + events.length }
  return {
    appended: { events, head: newHead, repeated: false },
    producer: producer && { producerSeq: lastOf(producer), head: newHead },
    leases,
    session: session && changedSession(view.session, session),
  }
}

function planLeases(view: AppendView, { fence, endRun, enqueue }: AppendRequest): readonly RunLease[] {
  if (fence === undefined && endRun === undefined && enqueue === undefined) return NO_LEASES
  const leases: RunLease[] = []
  const fenced = fence && fencedLease(view.lease(fence.runId), fence)
  const fenceEnds = endRun !== undefined && endRun === fence?.runId
  if (fenced !== undefined && fence?.renew !== undefined && !fenceEnds) leases.push(fenced)
  if (endRun !== undefined) leases.push(endedLease(fenceEnds ? fenced : view.lease(endRun)))
  if (enqueue !== undefined) {
    if (view.lease(enqueue.runId) !== undefined) throw conflict('A run of this name exists already.')
    leases.push(queuedLease(enqueue))
  }
  return leases
}
