import { ClassicLevel } from 'classic-level'
import { BODY, groupCommit, STREAMS, type OpenCandidate } from '../workload.ts'

interface Item {
  readonly stream: number
  readonly count: number
}

const key = (stream: number, offset: number): string =>
  `e!session-${String(stream).padStart(4, '0')}!${String(offset).padStart(16, '0')}`

/** classic-level alone: one key per event, chained batches, nothing else. */
export const openLevelDb: OpenCandidate = async ({ directory, sync }) => {
  const db = new ClassicLevel(directory)
  await db.open()
  const heads = new Uint32Array(STREAMS + 1)
  const commit = groupCommit<Item>(async (items) => {
    const batch = db.batch()
    for (const { stream, count } of items) {
      for (let at = 0; at < count; at += 1) {
        const offset = (heads[stream] ?? 0) + 1
        heads[stream] = offset
        batch.put(key(stream, offset), BODY)
      }
    }
    await batch.write({ sync })
  })
  return {
    name: 'classic-level, bare',
    append: (stream) => commit({ stream, count: 1 }),
    appendMany: (stream, count) => commit({ stream, count }),
    async readAll(stream) {
      let found = 0
      const values = db.values({
        gte: key(stream, 0),
        lt: `${key(stream, 0)}~`.replace(/!0+~$/, '"'),
        highWaterMarkBytes: 1 << 20,
      })
      for (let page = await values.nextv(1_000); page.length > 0; page = await values.nextv(1_000))
        found += page.length
      await values.close()
      return found
    },
    close: () => db.close(),
  }
}
