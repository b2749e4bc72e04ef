import type { LogDriver, LogPage } from '../../log-driver.ts'
import { createPage, fullLimit } from '../rules/page.ts'
import { resumeAfter, withinExtent } from '../rules/places.ts'
import type { EmbeddedContext } from './context.ts'
import { damaged } from './failures.ts'
import { unsealGroup } from './event-group.ts'
import { eventRange, streamKey } from './keys.ts'
import { loadProducer } from './producers.ts'
import type { Scan } from './store.ts'
import { writtenHead, type StreamCell } from './stream-cell.ts'

/** Reads: of what is written, and never of less than all of it. */
export function createReads({
  store,
  streams,
}: EmbeddedContext): Pick<LogDriver, 'read' | 'head' | 'producer'> {
  return {
    async read(stream, from, limit) {
      const full = fullLimit(limit)
      return streams.with(stream, (cell) => {
        const head = writtenHead(cell)
        const after = resumeAfter({ ...head, first: cell.first, head: head.offset }, from)
        if (after === head.offset) return { epoch: cell.epoch, events: [], head }
        // Opened in this turn: what a trim or a compaction removes later is still seen.
        const scan = store.values(eventRange(stream, after, head.offset), {
          limit: full.maxEvents,
          chunkBytes: Math.min(full.maxBytes, MAX_CHUNK_BYTES),
        })
        return readPage(scan, { cell, first: cell.first, after, head }, full).finally(() => scan.close())
      })
    },
    head: (stream) => streams.with(stream, writtenHead),
    producer: (stream, producerId) =>
      streams.with(
        stream,
        (cell) => cell.producers.get(producerId)?.written,
        (cell) => loadProducer(store, cell, producerId),
      ),
  }
}

const MAX_CHUNK_BYTES = 1_048_576

/** Groups fetched before it is known how many events they have. */
const FIRST_GROUPS = 64

interface Span {
  readonly cell: StreamCell
  readonly first: number
  readonly after: number
  readonly head: LogPage['head']
}

async function readPage(
  scan: Scan<string>,
  { cell, first, after, head }: Span,
  limit: { maxEvents: number; maxBytes: number },
): Promise<LogPage> {
  const page = createPage(limit)
  const result = { epoch: cell.epoch, events: page.events, head }
  let last = after
  let groups = 0
  for (;;) {
    const { length } = page.events
    const wanted = length === 0 ? FIRST_GROUPS : ((limit.maxEvents - length) * groups) / length
    const chunk = await scan.next(Math.min(Math.ceil(wanted), limit.maxEvents))
    groups += chunk.length
    for (const sealed of chunk) {
      for (const event of unsealGroup(cell.place, sealed).events) {
        // The first group may begin before what was asked for.
        if (event.offset <= after) continue
        // Each event names the one before it: what is missing without having been removed is a damage.
        if (event.offset <= last || (event.prev ?? event.offset - 1) > last) throw missing(cell, last)
        if (!page.add(withinExtent({ ...head, first, head: head.offset }, event))) return result
        last = event.offset
      }
    }
    if (last === head.offset || page.events.length >= limit.maxEvents) return result
    if (chunk.length === 0) throw missing(cell, last)
  }
}

function missing(cell: StreamCell, after: number): Error {
  return damaged(`${streamKey(cell.name)}: events after ${String(after)}`)
}
