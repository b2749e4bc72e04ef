import { percentile } from '../../harness/statistics.ts'
import { createDialect, type Address, type Dialect } from './dialect.ts'
import { openLine } from './line.ts'
import { startMeter, type Spent } from './meter.ts'
import { openPoster, sendAll } from './poster.ts'
import { openReaders } from './reader.ts'

export interface PaceJob {
  readonly kind: 'pace'
  readonly address: Address
  readonly pids: readonly number[]
  readonly streams: number
  /** Events a second over all streams, each of which gets its turn. */
  readonly rate: number
  readonly batch: number | 'lines'
  readonly warmUpMs: number
  readonly measureMs: number
}

export interface Paced extends Spent {
  readonly kind: 'pace'
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
  /** How late the generator itself sent, against its timetable. */
  readonly lagP99Ms: number
  readonly sent: number
  readonly delivered: number
  readonly refused: number
}

/** How long what was sent may take to arrive after the end. */
const LAST_MS = 5_000

interface Sender {
  send(stream: number, first: number): void
  readonly refused: number
  close(): void
}

/**
 * Sends by a timetable whatever the server does, and measures from the time an event was due to be sent to the time
 * its reader had it: a server that stalls is charged for everything that was due meanwhile.
 */
export async function pace(job: PaceJob): Promise<Paced> {
  const { address, streams } = job
  const dialect = createDialect(address)
  const { create } = dialect
  const numbers = Array.from({ length: streams }, (_, stream) => stream)
  if (create !== undefined) await sendAll(address.port, numbers.map(create))
  const batch = job.batch === 'lines' ? 1 : job.batch
  const stepMs = (1_000 * batch) / job.rate
  const steps = Math.floor((job.warmUpMs + job.measureMs) / stepMs)
  const warmUpSteps = Math.floor(job.warmUpMs / stepMs)
  const latencies = new Float64Array((steps - warmUpSteps) * batch)
  const lags = new Float64Array(steps - warmUpSteps)
  let delivered = 0
  let failure: Error | undefined
  const onFailure = (error: Error): void => {
    failure ??= error
  }
  let began = 0
  const open = await openReaders(
    numbers.map((stream) => ({
      port: address.port,
      request: dialect.subscribe(stream),
      labels: [stream, 1] as const,
      ready: dialect.ready,
      onFailure,
      onEvent(_label: number, number: number) {
        // The stream's turns come every `streams` steps.
        const step = Math.floor(number / batch) * streams + stream
        if (step < warmUpSteps) return
        latencies[delivered++] = performance.now() - (began + step * stepMs)
      },
    })),
  )
  const sender = openSender(dialect, job, onFailure)
  await sender.ready
  let stopMeter: (() => Spent) | undefined
  began = performance.now() + 20
  for (let step = 0; step < steps && failure === undefined;) {
    const now = performance.now()
    for (; step < steps && began + step * stepMs <= now; step += 1) {
      if (step >= warmUpSteps) {
        stopMeter ??= startMeter(job.pids)
        lags[step - warmUpSteps] = now - (began + step * stepMs)
      }
      sender.send(step % streams, Math.floor(step / streams) * batch)
    }
    await new Promise((resolve) => setImmediate(resolve))
  }
  const spent = stopMeter?.() ?? { seconds: 0, serverCpuMs: 0, generatorCpuMs: 0 }
  const sent = latencies.length
  const deadline = performance.now() + LAST_MS
  while (delivered < sent && failure === undefined && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  for (const reader of open) reader.close()
  sender.close()
  if (failure !== undefined) throw failure
  const got = latencies.subarray(0, delivered)
  return {
    kind: 'pace',
    ...spent,
    p50Ms: percentile(got, 0.5),
    p99Ms: percentile(got, 0.99),
    maxMs: percentile(got, 1),
    lagP99Ms: percentile(lags, 0.99),
    sent,
    delivered,
    refused: sender.refused,
  }
}

function openSender(
  dialect: Dialect,
  { address, streams, batch }: PaceJob,
  onFailure: (error: Error) => void,
): Sender & { readonly ready: Promise<unknown> } {
  const port = address.publishPort ?? address.port
  const { lines } = dialect
  if (batch === 'lines') {
    if (lines === undefined) throw new Error('this server takes no lines')
    const open = Array.from({ length: streams }, (_, stream) => {
      const refuse = (status: number): void => onFailure(new Error(`lines were answered ${status}`))
      const line = openLine(
        port,
        { onHead: refuse, onBody: () => undefined, onEnd: () => undefined },
        onFailure,
      )
      line.write(lines.open({ stream, label: stream }))
      return line
    })
    return {
      refused: 0,
      ready: Promise.all(open.map((line) => line.connected)),
      send: (stream, first) => open[stream]?.write(lines.line({ stream, label: stream }, first)),
      close: () => open.forEach((line) => line.close()),
    }
  }
  // One connection for each stream: its events stay in order, and no stream waits for another.
  let refused = 0
  const lanes = Array.from({ length: streams }, () => ({
    poster: openPoster(port, onFailure),
    waiting: [] as number[],
  }))
  const drain = (stream: number): void => {
    const lane = lanes[stream]
    const first = lane?.poster.busy === false ? lane.waiting.shift() : undefined
    if (lane === undefined || first === undefined) return
    lane.poster.send(dialect.publish({ stream, label: stream }, first, batch), (status) => {
      if (status < 200 || status >= 300) refused += 1
      drain(stream)
    })
  }
  return {
    get refused() {
      return refused
    },
    ready: Promise.resolve(),
    send(stream, first) {
      lanes[stream]?.waiting.push(first)
      drain(stream)
    },
    close: () => lanes.forEach(({ poster }) => poster.close()),
  }
}
