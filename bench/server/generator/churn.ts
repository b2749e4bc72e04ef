import { descriptors, residentBytes } from '../../harness/process-accounting.ts'
import { createDialect, type Address } from './dialect.ts'
import { startMeter, type Spent } from './meter.ts'
import { sendAll } from './poster.ts'
import { openReader } from './reader.ts'

export interface ChurnJob {
  readonly kind: 'churn'
  readonly address: Address
  readonly pids: readonly number[]
  /** Readers of a round, each of which comes, is ready, and goes. */
  readonly readers: number
  readonly rounds: number
  readonly settleMs: number
}

export interface Churned extends Spent {
  readonly kind: 'churn'
  readonly readers: number
  /** Resident memory after each round. */
  readonly residentBytes: readonly number[]
  /** Descriptors before the first round and after the last. */
  readonly descriptors: readonly [before: number, after: number]
}

const STREAMS = 100
const AT_ONCE = 50

/** Readers who come and go. */
export async function churn({ address, pids, readers, rounds, settleMs }: ChurnJob): Promise<Churned> {
  const dialect = createDialect(address)
  const { create } = dialect
  const streams = Array.from({ length: STREAMS }, (_, stream) => stream)
  if (create !== undefined) await sendAll(address.port, streams.map(create))
  const before = descriptors(pids)
  const resident: number[] = []
  const spent = { seconds: 0, serverCpuMs: 0, generatorCpuMs: 0 }
  for (let round = 0; round < rounds; round += 1) {
    const stopMeter = startMeter(pids)
    let next = 0
    const visit = async (): Promise<void> => {
      for (let at = next++; at < readers; at = next++) {
        const stream = at % STREAMS
        const reader = openReader({
          port: address.port,
          request: dialect.subscribe(stream),
          ready: dialect.ready,
          onEvent: () => undefined,
          onFailure: () => undefined,
        })
        await reader.ready
        reader.close()
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, visit))
    const { seconds, serverCpuMs, generatorCpuMs } = stopMeter()
    spent.seconds += seconds
    spent.serverCpuMs += serverCpuMs
    spent.generatorCpuMs += generatorCpuMs
    await new Promise((resolve) => setTimeout(resolve, settleMs))
    resident.push(residentBytes(pids))
  }
  return {
    kind: 'churn',
    ...spent,
    readers: readers * rounds,
    residentBytes: resident,
    descriptors: [before, descriptors(pids)],
  }
}
