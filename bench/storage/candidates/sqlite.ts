import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { BODY, groupCommit, STREAMS, type OpenCandidate } from '../workload.ts'

interface Item {
  readonly stream: number
  readonly count: number
}

/** node:sqlite in a worker: rows in the order of appending; where a stream's rows are is kept in memory only. */
export const openSqlite: OpenCandidate = async ({ directory, sync }) => {
  await mkdir(directory, { recursive: true })
  const worker = new Worker(new URL('./sqlite-worker.ts', import.meta.url), {
    workerData: { file: join(directory, 'log.db'), sync },
  })
  await once(worker, 'online')
  let lane: Promise<unknown> = Promise.resolve()
  const ask = <T>(request: object): Promise<T> => {
    const answer = lane.then(async () => {
      worker.postMessage(request)
      const [value] = (await once(worker, 'message')) as [T]
      return value
    })
    lane = answer
    return answer
  }
  const ids = Array.from({ length: STREAMS + 1 }, (): number[] => [])
  const commit = groupCommit<Item>(async (items) => {
    const rows: [number, number, string][] = []
    for (const { stream, count } of items) {
      for (let at = 0; at < count; at += 1) rows.push([stream, rows.length, BODY])
    }
    const last = await ask<number>({ kind: 'write', rows })
    for (const [at, [stream]] of rows.entries()) ids[stream]?.push(last - rows.length + 1 + at)
  })
  return {
    name: 'node:sqlite, rows in order, worker',
    append: (stream) => commit({ stream, count: 1 }),
    appendMany: (stream, count) => commit({ stream, count }),
    async readAll(stream) {
      let found = 0
      const own = ids[stream] ?? []
      for (let at = 0; at < own.length; at += 1_000) {
        found += (await ask<string[]>({ kind: 'read', ids: own.slice(at, at + 1_000) })).length
      }
      return found
    },
    async close() {
      await ask({ kind: 'close' })
      await worker.terminate()
    },
  }
}
