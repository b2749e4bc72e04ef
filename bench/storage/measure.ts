import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { seeded, STREAMS, type Candidate } from './workload.ts'

const PACED_PER_SECOND = 5_000
const READ_EVENTS = 10_000

export interface Figures {
  readonly eventsPerSecond: number
  /** Of all threads of the process. */
  readonly cpuPerEventUs: number
  /** Of the event loop's thread: what other work on it has to wait for. */
  readonly loopPerEventUs: number
  readonly ackP50Ms: number
  readonly ackP99Ms: number
  readonly readPerEventUs: number
}

/** Every stream appends, one at a time, as fast as it is acknowledged. */
export async function saturate(
  candidate: Candidate,
  events: number,
): Promise<Pick<Figures, 'eventsPerSecond' | 'cpuPerEventUs' | 'loopPerEventUs'>> {
  let left = events
  const [cpu, loop, start] = [process.cpuUsage(), process.threadCpuUsage(), performance.now()]
  await Promise.all(
    Array.from({ length: STREAMS }, async (_, stream) => {
      while (left > 0) {
        left -= 1
        await candidate.append(stream)
      }
    }),
  )
  const [cpuUsed, loopUsed] = [process.cpuUsage(cpu), process.threadCpuUsage(loop)]
  return {
    eventsPerSecond: events / ((performance.now() - start) / 1_000),
    cpuPerEventUs: (cpuUsed.user + cpuUsed.system) / events,
    loopPerEventUs: (loopUsed.user + loopUsed.system) / events,
  }
}

/** 5,000 appends a second to streams chosen by the seed; the time until each is acknowledged. */
export async function pace(
  candidate: Candidate,
  durationMs: number,
): Promise<Pick<Figures, 'ackP50Ms' | 'ackP99Ms'>> {
  const random = seeded(1)
  const took: number[] = []
  const pending: Promise<void>[] = []
  const total = (PACED_PER_SECOND * durationMs) / 1_000
  const start = performance.now()
  while (pending.length < total) {
    const due = Math.min(total, Math.floor(((performance.now() - start) * PACED_PER_SECOND) / 1_000))
    while (pending.length < due) {
      const at = performance.now()
      const stream = Math.floor(random() * STREAMS)
      pending.push(candidate.append(stream).then(() => void took.push(performance.now() - at)))
    }
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  await Promise.all(pending)
  took.sort((a, b) => a - b)
  return { ackP50Ms: took[took.length >> 1] ?? 0, ackP99Ms: took[Math.floor(took.length * 0.99)] ?? 0 }
}

/** 10,000 events of one stream, written in batches between those of others; the best of five reads of all. */
export async function range(candidate: Candidate): Promise<Pick<Figures, 'readPerEventUs'>> {
  for (let written = 0; written < READ_EVENTS; written += 100) {
    await Promise.all([
      candidate.appendMany(STREAMS, 100),
      ...Array.from({ length: 20 }, (_, at) => candidate.append((written + at) % STREAMS)),
    ])
  }
  const times: number[] = []
  for (let at = 0; at < 5; at += 1) {
    const start = performance.now()
    const found = await candidate.readAll(STREAMS)
    if (found !== READ_EVENTS)
      throw new Error(`${candidate.name} gave ${String(found)} of ${String(READ_EVENTS)}`)
    times.push(performance.now() - start)
  }
  return { readPerEventUs: (Math.min(...times) * 1_000) / READ_EVENTS }
}

/** Median of one forced write of 4 KiB. */
export async function measureSync(directory: string): Promise<number> {
  const path = join(directory, 'sync')
  const file = await open(path, 'w')
  const times: number[] = []
  for (let at = 0; at < 200; at += 1) {
    const start = performance.now()
    await file.write(Buffer.alloc(4_096))
    await file.datasync()
    times.push(performance.now() - start)
  }
  await file.close()
  await rm(path)
  return times.sort((a, b) => a - b)[100] ?? 0
}
