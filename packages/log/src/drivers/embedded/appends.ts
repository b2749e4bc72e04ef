import type { AppendRequest, Appended, RunLease } from '../../log-driver.ts'
import { planAppend, type AppendPlan } from '../rules/append-plan.ts'
import { checkName, checkRequest } from '../rules/names.ts'
import type { Batch } from './commits.ts'
import type { EmbeddedContext } from './context.ts'
import { groupKey, groupsOf, sealGroup } from './event-group.ts'
import { isProducerLoaded, loadProducer } from './producers.ts'
import { loadEndedRun, putLease } from './runs.ts'
import { putSession } from './session-index.ts'
import type { StreamCell } from './stream-cell.ts'
import { putRecord } from './stream-record.ts'
import { attempt } from './streams.ts'

/** Appends, each one step: judged in memory against all that was accepted, written with whatever else is written. */
export function createAppend(context: EmbeddedContext): (request: AppendRequest) => Promise<Appended> {
  const { streams } = context
  return (request) =>
    attempt(() => {
      checkRequest(request)
      const ready = streams.ready(request.stream)
      if (ready !== undefined && isLoaded(context, ready, request))
        return accept(context, ready, request, NONE)

      checkName(request.stream)
      const ended = new Map<string, RunLease | undefined>()
      return streams.with(
        request.stream,
        (cell) => accept(context, cell, request, ended),
        (cell) => loadMissing(context, cell, request, ended),
      )
    })
}

const NONE: ReadonlyMap<string, RunLease | undefined> = new Map()

/** Whether nothing has to be loaded or waited for: the way of nearly every append. */
function isLoaded({ commits, runs }: EmbeddedContext, cell: StreamCell, request: AppendRequest): boolean {
  const { producer, fence, endRun, enqueue } = request
  if (commits.full || enqueue !== undefined) return false
  if (producer !== undefined && !isProducerLoaded(cell, producer.producerId)) return false
  if (fence !== undefined && runs.get(cell.name, fence.runId) === undefined) return false
  return endRun === undefined || runs.get(cell.name, endRun) !== undefined
}

function loadMissing(
  { store, commits, runs }: EmbeddedContext,
  cell: StreamCell,
  { producer, fence, endRun, enqueue }: AppendRequest,
  ended: Map<string, RunLease | undefined>,
): Promise<unknown> | undefined {
  const room = commits.room()
  if (room !== undefined) return room
  if (producer !== undefined) {
    const loading = loadProducer(store, cell, producer.producerId)
    if (loading !== undefined) return loading
  }
  for (const runId of [fence?.runId, endRun, enqueue?.runId]) {
    if (runId === undefined || ended.has(runId) || runs.get(cell.name, runId) !== undefined) continue
    return loadEndedRun(store, cell.name, runId).then((lease) => ended.set(runId, lease))
  }
  return undefined
}

function accept(
  { commits, runs }: EmbeddedContext,
  cell: StreamCell,
  request: AppendRequest,
  ended: ReadonlyMap<string, RunLease | undefined>,
): Promise<Appended> {
  const batch = commits.batch()
  const { producer, enqueue } = request
  const { accepted: session } = cell.session
  const versions = producer && cell.producers.get(producer.producerId)
  if (session === undefined) throw new Error('a stream has a session')
  const plan = planAppend(
    {
      extent: cell,
      session,
      producer: versions?.accepted,
      lease: (runId) => runs.get(cell.name, runId)?.lease ?? ended.get(runId),
    },
    request,
  )
  // The first one may still be under way: its repeat must not be acknowledged before it.
  if (plan.appended.repeated) return batch.done(() => plan.appended)
  if (enqueue !== undefined) runs.checkRoom()

  if (versions && plan.producer) versions.accepted = plan.producer
  putPlan(batch, cell, plan, producer?.producerId)
  const renewed = request.endRun === undefined ? request.fence?.runId : undefined
  for (const lease of plan.leases) putLease(batch, runs, lease, { renewedOnly: lease.run.runId === renewed })

  cell.writing += 1
  return batch.done(() => {
    cell.writing -= 1
    cell.writtenHead = plan.appended.head.offset
    if (versions && plan.producer) versions.written = plan.producer
    if (plan.session) cell.session.written = plan.session
    for (const lease of plan.leases) runs.settle(lease)
    return plan.appended
  })
}

function putPlan(batch: Batch, cell: StreamCell, plan: AppendPlan, producerId: string | undefined): void {
  const { appended, producer, session } = plan
  const { events, head } = appended
  const mark =
    producer && producerId !== undefined ? { producerId, producerSeq: producer.producerSeq } : undefined
  for (const group of groupsOf({ events, mark })) {
    batch.put(groupKey(cell.name, group), sealGroup(cell.place, group))
  }
  cell.head = head.offset
  if (session !== undefined) putSession(batch, cell, session)
  // A batch without events has none that could say where its producer is.
  const isDue = session !== undefined || (producer !== undefined && events.length === 0)
  putRecord(batch, cell, { ifDue: !isDue })
}
