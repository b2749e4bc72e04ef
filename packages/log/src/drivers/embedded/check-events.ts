import type { StoredEvent } from '../../log-driver.ts'
import type { Problem } from './check.ts'
import { eventKey, eventRange, streamKey } from './keys.ts'
import { bridgeEvent, sealPlace, sealRecord, unsealEvent } from './seal.ts'
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
      const event = readEvent(place, sealed)
      if (event === undefined || eventKey(stream, event.offset) !== key) {
        unreadable.push({ type: 'del', key })
        continue
      }
      if ((event.prev ?? event.offset - 1) > last || unreadable.length > 0) {
        const bridged = bridgeEvent(place, sealed, last)
        const text = `Events of session ${stream} between ${String(last)} and ${String(event.offset)} are missing or damaged.`
        report({ text, fix: [...unreadable, { type: 'put', key, value: bridged }] })
        unreadable = []
      }
      last = event.offset
      count += 1
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

function readEvent(place: number, sealed: string): StoredEvent | undefined {
  try {
    return unsealEvent(place, sealed)
  } catch {
    return undefined
  }
}
