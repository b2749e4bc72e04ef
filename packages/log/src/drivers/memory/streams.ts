import type { LogDriver, StoredEvent } from '../../log-driver.ts'
import { planAppend, type AppendPlan } from '../rules/append-plan.ts'
import { checkRequest } from '../rules/names.ts'
import { createPage, fullLimit } from '../rules/page.ts'
import { checkRemovable, resumeAfter, withinExtent } from '../rules/places.ts'
import { checkSnapshot, replacesSnapshot } from '../rules/snapshots.ts'
import type { MemoryState, MemoryStream } from './state.ts'

type Streams = Pick<
  LogDriver,
  'append' | 'read' | 'head' | 'producer' | 'saveSnapshot' | 'loadSnapshot' | 'compact' | 'trim' | 'delete'
>

/** The streams of a memory driver. */
export function createMemoryStreams(state: MemoryState): Streams {
  const run = state.run
  return {
    append: (request) =>
      run(() => {
        checkRequest(request)
        const stream = state.stream(request.stream)
        const { producer, enqueue } = request
        const plan = planAppend(
          {
            extent: stream,
            session: stream.session,
            producer: producer && stream.producers.get(producer.producerId),
            lease: (runId) => state.runs.get(request.stream, runId)?.lease ?? stream.ended.get(runId),
          },
          request,
        )
        if (enqueue !== undefined) state.runs.checkRoom()
        apply(state, stream, plan)
        if (plan.producer && producer) stream.producers.set(producer.producerId, plan.producer)
        return plan.appended
      }),
    read: (name, from, limit) =>
      run(() => {
        const stream = state.stream(name)
        const page = createPage(fullLimit(limit))
        for (
          let at = indexAfter(stream.events, resumeAfter(stream, from));
          at < stream.events.length;
          at += 1
        ) {
          const event = stream.events[at]
          if (event === undefined || !page.add(withinExtent(stream, event))) break
        }
        return { epoch: stream.epoch, events: page.events, head: headOf(stream) }
      }),
    head: (name) => run(() => headOf(state.stream(name))),
    producer: (name, producerId) => run(() => state.stream(name).producers.get(producerId)),
    saveSnapshot: (name, snapshot, { apart } = {}) =>
      run(() => {
        const stream = state.stream(name)
        checkSnapshot(stream, snapshot)
        if (replacesSnapshot(stream.snapshot, snapshot, apart)) stream.snapshot = snapshot
      }),
    loadSnapshot: (name) => run(() => state.stream(name).snapshot),
    compact: (name, offsets) =>
      run(() => {
        const stream = state.stream(name)
        for (const offset of offsets) checkRemovable(stream, offset)
        stream.events = without(stream, new Set(offsets))
      }),
    trim: (name, offset) =>
      run(() => {
        const stream = state.stream(name)
        if (offset <= stream.first) return
        checkRemovable(stream, offset - 1)
        stream.events = stream.events.slice(indexAfter(stream.events, offset - 1))
        stream.first = offset
      }),
    delete: (name) =>
      run(() => {
        if (state.tombstones.has(name)) return
        const { userId } = state.stream(name).session
        state.streams.delete(name)
        state.runs.forget(name)
        state.tombstones.set(name, { userId })
      }),
  }
}

function headOf(stream: MemoryStream): { epoch: string; offset: number } {
  return { epoch: stream.epoch, offset: stream.head }
}

function apply(state: MemoryState, stream: MemoryStream, plan: AppendPlan): void {
  for (const event of plan.appended.events) stream.events.push(event)
  stream.head += plan.appended.events.length
  if (plan.session !== undefined) stream.session = plan.session
  for (const lease of plan.leases) {
    const { sessionId, runId } = lease.run
    const entry = state.runs.get(sessionId, runId) ?? state.runs.add(lease)
    state.runs.change(entry, lease)
    state.runs.settle(lease)
    if (lease.phase === 'ended') stream.ended.set(runId, lease)
  }
}

/** Index of the first event after `offset`. */
function indexAfter(events: readonly StoredEvent[], offset: number): number {
  let [low, high] = [0, events.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const event = events[middle]
    if (event !== undefined && event.offset <= offset) low = middle + 1
    else high = middle
  }
  return low
}

/** The events left; one behind a gap names the event before the gap. */
function without(stream: MemoryStream, removed: ReadonlySet<number>): StoredEvent[] {
  let prev = stream.first - 1
  const left: StoredEvent[] = []
  for (const event of stream.events) {
    if (removed.has(event.offset)) continue
    const { offset, type, body } = event
    left.push(prev === offset - 1 ? event : { offset, prev, type, body })
    prev = offset
  }
  return left
}
