import { createDialect, type Address } from './dialect.ts'
import { startMeter, type Spent } from './meter.ts'
import { createPublishers } from './publishers.ts'
import { sendAll } from './poster.ts'
import { openReaders } from './reader.ts'
import { Topic } from './topic.ts'

export interface SaturateJob {
  readonly kind: 'saturate'
  readonly address: Address
  readonly pids: readonly number[]
  readonly streams: number
  /** Of each stream. */
  readonly readers: number
  /** Who publish to each stream at the same time. */
  readonly sources: number
  /** Events of a POST, or `lines` for one body that never ends. */
  readonly batch: number | 'lines'
  readonly warmUpMs: number
  readonly measureMs: number
}

export interface Saturated extends Spent {
  readonly kind: 'saturate'
  readonly deliveries: number
  /** Requests answered with something else than success; their events are sent again. */
  readonly refused: number
}

/** Connections that post; each source belongs to one of them, so that its events stay in order. */
const POSTERS = 64
/**
 * Before so many deliveries compilers are measured rather than servers, and a fast server would have more of them behind
 * it than a slow one after the same time; a slow one is not waited for beyond this many times the warm-up.
 */
export const WARM_UP_DELIVERIES = 60_000
export const WARM_UP_PATIENCE = 8

/** Events of a source on their way to the slowest reader. */
const WINDOW = 20

/** As much as the server takes: the next event is sent as soon as one was answered for and the readers keep up. */
export async function saturate(job: SaturateJob): Promise<Saturated> {
  const { address, streams, readers, sources, batch } = job
  const dialect = createDialect(address)
  const numbers = Array.from({ length: streams }, (_, stream) => stream)
  const topics = Array.from(
    { length: streams * sources },
    (_, label) => new Topic({ stream: Math.floor(label / sources), label }, readers, WINDOW),
  )
  const { create } = dialect
  if (create !== undefined) await sendAll(address.port, numbers.map(create))

  let deliveries = 0
  let fail: (error: Error) => void = () => undefined
  const failed = new Promise<never>((_, reject) => {
    fail = reject
  })
  failed.catch(() => undefined)
  const publishers = createPublishers({
    dialect,
    address,
    topics,
    batch,
    connections: POSTERS,
    onFailure: fail,
  })
  const all = numbers.flatMap((stream) =>
    Array.from({ length: readers }, () => ({
      port: address.port,
      request: dialect.subscribe(stream),
      labels: [stream * sources, sources] as const,
      ready: dialect.ready,
      onFailure: fail,
      onEvent(label: number, number: number) {
        deliveries += 1
        const topic = topics[label]
        if (topic?.delivered(number) === true) publishers.moved(topic)
      },
    })),
  )
  const open = await openReaders(all)
  await publishers.start()
  const patience = performance.now() + job.warmUpMs * WARM_UP_PATIENCE
  do await Promise.race([failed, new Promise((resolve) => setTimeout(resolve, job.warmUpMs))])
  while (deliveries < WARM_UP_DELIVERIES && performance.now() < patience)
  const before = deliveries
  const refusedBefore = publishers.refused
  const stopMeter = startMeter(job.pids)
  await Promise.race([failed, new Promise((resolve) => setTimeout(resolve, job.measureMs))])
  const spent = stopMeter()
  const counted = deliveries - before
  publishers.stop()
  for (const reader of open) reader.close()
  if (counted === 0) throw new Error('nothing was delivered')
  return { kind: 'saturate', ...spent, deliveries: counted, refused: publishers.refused - refusedBefore }
}
