import type { Problem } from './check.ts'
import { groupKey, lastOf, sealGroup, unsealGroup, type EventGroup } from './event-group.ts'
import { eventRange, streamKey } from './keys.ts'
import { sealPlace, sealRecord } from './seal.ts'
import { pages, type StoreChange, type StoreReader } from './store.ts'
import type { DeletedRecord, StreamRecord } from './stream-record.ts'

export interface CheckedStream {
  readonly stream: string
  readonly record: Exclude<StreamRecord, DeletedRecord>
}

const PAGE = 1_000

/** Follows the events of a stream from one to the next, to its end; returns how many there are. */
export async function checkEvents(
  store: StoreReader,
  { stream, record }: CheckedStream,
  report: (problem: Problem) => void,
): Promise<number> {
  const place = sealPlace(stream)
  let count = 0
  let last = record.first - 1
  let unreadable: StoreChange[] = []
  for await (const page of pages(
    store.entries(eventRange(stream, last, Number.MAX_SAFE_INTEGER - 1)),
    PAGE,
  )) {
    for (const [key, sealed] of page) {
      const group = readGroup(place, sealed)
      if (group === undefined || groupKey(stream, group) !== key) {
        unreadable.push({ type: 'del', key })
        continue
      }
      const [begin, ...others] = group.events
      if (begin !== undefined && ((begin.prev ?? begin.offset - 1) > last || unreadable.length > 0)) {
        const bridged = sealGroup(place, { ...group, events: [{ ...begin, prev: last }, ...others] })
        const text = `Events of session ${stream} between ${String(last)} and ${String(begin.offset)} are missing or damaged.`
        report({ text, fix: [...unreadable, { type: 'put', key, value: bridged }] })
        unreadable = []
      }
      last = lastOf(group)
      count += group.events.length
    }
  }
  const end = Math.max(0, count === 0 ? 0 : last)
  if (end < record.head || unreadable.length > 0) {
    const key = streamKey(stream)
    // Behind the head that it names, the events say where producers are.
    const head = Math.min(record.head, end)
    const value = sealRecord(key, { ...record, first: Math.min(record.first, end + 1), head })
    const text = `The last events of session ${stream}, after ${String(end)}, are missing or damaged.`
    report({ text, fix: [...unreadable, { type: 'put', key, value }] })
  }
  return count
}

function readGroup(place: number, sealed: string): EventGroup | undefined {
  try {
    return unsealGroup(place, sealed)
  } catch {
    return undefined
  }
}
