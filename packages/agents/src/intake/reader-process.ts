import { Worker } from 'node:worker_threads'
import { INTAKE_LIMITS, IntakeFault } from './intake-fault.ts'
import { readFile } from './read-file.ts'
import type { ReadReply, ReadRequest } from './reader-messages.ts'

/*
 * The process that reads files of strangers: without an environment, without rights to write, to start anything or
 * to open what is not its own code. It dies rather than take more memory than it may; its parent watches the time.
 */

const memoryBytes = Number(process.argv[2] ?? INTAKE_LIMITS.memoryBytes)

/** Looks at the memory from a thread of its own, for a reader in a loop would never. */
const WATCH = `
  const check = () => {
    if (process.memoryUsage.rss() > ${String(memoryBytes)}) process.kill(process.pid, 'SIGKILL')
  }
  setInterval(check, 20)
`
const PROGRESS_STEP = 0.02

const watch = new Worker(WATCH, { eval: true })
watch.unref()

const send = (reply: ReadReply): void => {
  process.send?.(reply)
}

process.on('message', (request: ReadRequest) => {
  void answer(request)
})
process.on('disconnect', () => {
  process.exit(0)
})

async function answer({ id, file }: ReadRequest): Promise<void> {
  let told = 0
  try {
    const text = await readFile(file, (share) => {
      if (share - told < PROGRESS_STEP) return
      told = share
      send({ id, kind: 'progress', share })
    })
    send({ id, kind: 'read', text })
  } catch (error) {
    const code = error instanceof IntakeFault ? error.code : 'corrupt'
    send({ id, kind: 'fault', code, detail: detailOf(error) })
  }
}

function detailOf(error: unknown): string {
  const cause: unknown = error instanceof IntakeFault ? error.cause : error
  return cause instanceof Error ? `${cause.name}: ${cause.message}`.slice(0, 500) : ''
}
