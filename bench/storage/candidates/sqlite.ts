import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import {
  BODY,
  groupCommit,
  STREAMS,
  type Candidate,
  type CandidateOptions,
  type OpenCandidate,
} from '../workload.ts'

interface Item {
  readonly stream: number
  readonly count: number
}

/** node:sqlite in a worker, rows in the order of appending; where a stream's rows are is kept in memory only. */
export const openSqlite: OpenCandidate = (options) => open(options, false)

/** The same with an index over (stream, offset), without which nothing of it survives a restart. */
export const openIndexedSqlite: OpenCandidate = (options) => open(options, true)

async function open({ directory, sync }: CandidateOptions, indexed: boolean): Promise<Candidate> {
  await mkdir(directory, { recursive: true })
  const worker = new Worker(new URL('./sqlite-worker.ts', import.meta.url), {
    workerData: { file: join(directory, 'log.db'), sync, indexed },
  })
  await once(worker, 'online')
  const ask = createCalls(worker)
  const heads = new Uint32Array(STREAMS + 1)
  const ids = Array.from({ length: STREAMS + 1 }, (): number[] => [])
  const commit = groupCommit<Item>(async (items) => {
    const rows: [number, number, string][] = []
    for (const { stream, count } of items) {
      for (let at = 0; at < count; at += 1) {
        const place = (heads[stream] ?? 0) + 1
        heads[stream] = place
        rows.push([stream, place, BODY])
      }
    }
    const last = await ask<number>({ kind: 'write', rows })
    if (indexed) return
    for (const [at, [stream]] of rows.entries()) ids[stream]?.push(last - rows.length + 1 + at)
  })
  return {
    name: `node:sqlite in a worker, rows in order${indexed ? ', index' : ''}`,
    append: (stream) => commit({ stream, count: 1 }),
    appendMany: (stream, count) => commit({ stream, count }),
    async readAll(stream) {
      let found = 0
      for (;;) {
        const request = indexed
          ? { kind: 'after', stream, after: found }
          : { kind: 'ids', ids: ids[stream]?.slice(found, found + 1_000) ?? [] }
        const bodies = await ask<string[]>(request)
        if (bodies.length === 0) return found
        found += bodies.length
      }
    },
    async close() {
      await ask({ kind: 'close' })
      await worker.terminate()
    },
  }
}

/** One question at a time. */
function createCalls(worker: Worker): <T>(request: object) => Promise<T> {
  let lane: Promise<unknown> = Promise.resolve()
  return <T>(request: object): Promise<T> => {
    const answer = lane.then(async () => {
      worker.postMessage(request)
      const [value] = (await once(worker, 'message')) as [T]
      return value
    })
    lane = answer
    return answer
  }
}
