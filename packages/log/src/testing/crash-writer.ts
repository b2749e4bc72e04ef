import { writeSync } from 'node:fs'
import { openEmbedded } from '../drivers/embedded.ts'
import type { LogDriver } from '../log-driver.ts'
import { runRecord, startSession } from './records.ts'

/** Streams that are written to at the same time. */
const STREAMS = 8

/** Writes for ever, and says what was acknowledged, until it is killed. */
async function writeForEver(driver: LogDriver, stream: string): Promise<void> {
  const known = await driver.producer(stream, 'p')
  for (let seq = (known?.producerSeq ?? 0) + 1; ; seq += 1) {
    const bodies = Array.from(
      { length: 1 + (seq % 3) },
      (_, at) => `{"data":"${stream}.${String(seq)}.${String(at)}"}`,
    )
    const runId = `r${String(seq)}`
    const { events, head } = await driver.append({
      stream,
      drafts: bodies.map((body) => ({ type: 'counted', body })),
      producer: { producerId: 'p', producerSeq: seq },
      ...(seq % 5 === 0 && { enqueue: runRecord(stream, runId) }),
    })
    // Written at once: what the parent has read was acknowledged before the kill.
    const line = { stream, seq, epoch: head.epoch, events, runId: seq % 5 === 0 ? runId : null }
    writeSync(1, `${JSON.stringify(line)}\n`)
  }
}

const [, , directory = '', durability = 'os'] = process.argv
const driver = await openEmbedded({
  directory,
  durability: durability === 'fsync' ? 'fsync' : 'os',
  machine: { machineId: 'm1', bootId: 'b1' },
})
const names = Array.from({ length: STREAMS }, (_, at) => `s${String(at)}`)
for (const name of names) await startSession(driver, name)
writeSync(1, 'ready\n')
await Promise.all(names.map((name) => writeForEver(driver, name)))
