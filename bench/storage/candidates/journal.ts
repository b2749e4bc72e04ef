import { mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import { BODY, groupCommit, STREAMS, type OpenCandidate } from '../workload.ts'

interface Item {
  readonly stream: number
  readonly count: number
}

interface Extent {
  readonly from: number
  readonly length: number
  readonly count: number
}

const MERGE_BYTES = 65_536

/** A plain file, appended to; the index is in memory. No atomicity across records, no recovery, no removal. */
export const openJournal: OpenCandidate = async ({ directory, sync }) => {
  await mkdir(directory, { recursive: true })
  const file = await open(join(directory, 'journal'), 'a+')
  const extents = Array.from({ length: STREAMS + 1 }, (): Extent[] => [])
  let size = 0
  const commit = groupCommit<Item>(async (items) => {
    let text = ''
    const places: [number, Extent][] = []
    for (const { stream, count } of items) {
      const from = size + text.length
      for (let at = 0; at < count; at += 1) text += `${String(stream)};${BODY}\n`
      places.push([stream, { from, length: size + text.length - from, count }])
    }
    await file.appendFile(text)
    if (sync) await file.datasync()
    size += text.length
    for (const [stream, extent] of places) extents[stream]?.push(extent)
  })
  return {
    name: 'plain journal, index in memory',
    append: (stream) => commit({ stream, count: 1 }),
    appendMany: (stream, count) => commit({ stream, count }),
    async readAll(stream) {
      let found = 0
      const own = extents[stream] ?? []
      for (let at = 0; at < own.length;) {
        const from = own[at]?.from ?? 0
        let end = from
        let count = 0
        for (; at < own.length && (own[at]?.from ?? 0) - end < MERGE_BYTES && count < 1_000; at += 1) {
          end = (own[at]?.from ?? 0) + (own[at]?.length ?? 0)
          count += own[at]?.count ?? 0
        }
        const { buffer } = await file.read(Buffer.allocUnsafe(end - from), 0, end - from, from)
        const prefix = `${String(stream)};`
        found += buffer
          .toString()
          .split('\n')
          .filter((line) => line.startsWith(prefix)).length
      }
      return found
    },
    close: () => file.close(),
  }
}
