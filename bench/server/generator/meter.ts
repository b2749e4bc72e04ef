import { cpuMs } from '../../harness/process-accounting.ts'

/** What a stretch of time cost. */
export interface Spent {
  readonly seconds: number
  /** Of the server's processes, all threads. */
  readonly serverCpuMs: number
  /** Of this generator. */
  readonly generatorCpuMs: number
}

/** Begins to measure; the answer ends it. */
export function startMeter(pids: readonly number[]): () => Spent {
  const began = performance.now()
  const server = cpuMs(pids)
  const own = process.cpuUsage()
  return () => {
    const { user, system } = process.cpuUsage(own)
    return {
      seconds: (performance.now() - began) / 1_000,
      serverCpuMs: cpuMs(pids) - server,
      generatorCpuMs: (user + system) / 1_000,
    }
  }
}
