import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Job, Outcomes } from './generator/job.ts'
import { pinned } from './pinning.ts'

/** A job that takes longer is lost. */
const LIMIT_MS = 300_000
const GENERATOR_CPU = 1

/** Has a generator process of its own, on a core of its own, do a job. @throws what it failed with */
export function generate<T extends Job['kind']>(
  job: Extract<Job, { readonly kind: T }>,
): Promise<Outcomes[T]> {
  const main = join(import.meta.dirname, 'generator', 'main.ts')
  const [command, ...args] = pinned(GENERATOR_CPU, [process.execPath, ...process.execArgv, main])
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], timeout: LIMIT_MS })
    child.once('error', reject)
    child.once('exit', (code, signal) => reject(new Error(`the generator ended with ${signal ?? code}`)))
    child.once('message', (answer: { outcome: Outcomes[T] } | { error: string }) => {
      if ('error' in answer) reject(new Error(answer.error))
      else resolve(answer.outcome)
    })
    child.send(job)
  })
}
