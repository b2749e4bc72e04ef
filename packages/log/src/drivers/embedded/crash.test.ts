import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, open as openFile, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { StoredEvent } from '../../log-driver.ts'
import { drafts, readAll, startSession } from '../../testing/records.ts'
import { createRandom } from '../../testing/scheduler.ts'
import { checkLog, openEmbedded } from '../embedded.ts'

/** A soak raises it. */
const KILLS = Number(process.env['C1_KILLS'] ?? 4)
const SEED = Number(process.env['C1_SEED'] ?? 1)
const MACHINE = { machineId: 'm1', bootId: 'b1' }
const CHILD = fileURLToPath(new URL('../../testing/crash-writer.ts', import.meta.url))

interface Acknowledged {
  readonly stream: string
  readonly seq: number
  readonly epoch: string
  readonly events: readonly StoredEvent[]
  readonly runId: string | null
}

let directory: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'throughline-'))
})

afterEach(() => rm(directory, { recursive: true }))

/** Lets a child write until it has acknowledged `count` appends, then kills it. */
async function writeAndKill(durability: string, count: number): Promise<Acknowledged[]> {
  const child = spawn(process.execPath, ['--conditions=@throughline/source', CHILD, directory, durability], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const acknowledged: Acknowledged[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === 'ready' || !line.endsWith('}')) continue
    acknowledged.push(JSON.parse(line) as Acknowledged)
    if (acknowledged.length === count) child.kill('SIGKILL')
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  expect(child.signalCode).toBe('SIGKILL')
  return acknowledged
}

describe('crashes of the embedded driver', () => {
  for (const durability of ['os', 'fsync'] as const) {
    test(`C1 kill -9 at random points, ${durability}: nothing acknowledged is lost, no offset is reused`, async () => {
      const random = createRandom(SEED)
      const known = new Map<string, StoredEvent>()
      const epochs = new Map<string, string>()
      for (let kill = 0; kill < KILLS; kill += 1) {
        const acknowledged = await writeAndKill(durability, 1 + Math.floor(random() * 400))
        const driver = await openEmbedded({ directory, durability, machine: MACHINE })
        expect(driver.renewed, `seed ${String(SEED)}`).toBeUndefined()
        for (const { stream, seq, epoch, events, runId } of acknowledged) {
          expect(epochs.get(stream) ?? epoch).toBe(epoch)
          epochs.set(stream, epoch)
          for (const event of events) {
            const place = `${stream} ${String(event.offset)}`
            expect(known.has(place), `${place} was given twice`).toBe(false)
            known.set(place, event)
          }
          expect((await driver.producer(stream, 'p'))?.producerSeq).toBeGreaterThanOrEqual(seq)
          if (runId !== null) expect((await driver.leases.get(stream, runId))?.phase).toBe('queued')
        }
        for (const stream of epochs.keys()) {
          // What was written and not acknowledged may be there, in one piece; what was acknowledged must.
          const found = new Map(
            (await readAll(driver, stream)).map((event) => [`${stream} ${String(event.offset)}`, event]),
          )
          for (const [place, event] of known) {
            if (place.startsWith(`${stream} `)) expect(found.get(place), place).toEqual(event)
          }
          for (const [place, event] of found) known.set(place, event)
        }
        await driver.dispose()
        expect((await checkLog(directory)).problems).toEqual([])
      }
    }, 120_000)
  }

  test('C6 a kill and then a stop of the machine: new epochs with os, the same with fsync', async () => {
    for (const [durability, renewed] of [
      ['os', 'machine-stopped'],
      ['fsync', undefined],
    ] as const) {
      await rm(directory, { recursive: true })
      const [first] = await writeAndKill(durability, 20)
      const driver = await openEmbedded({ directory, durability, machine: { ...MACHINE, bootId: 'b2' } })
      expect(driver.renewed).toBe(renewed)
      const { epoch } = await driver.head(first?.stream ?? '')
      expect(epoch === first?.epoch).toBe(renewed === undefined)
      await driver.dispose()
    }
  }, 60_000)

  test('C2 a torn end of the journal: what is left is whole, and clients reset', async () => {
    await writeAndKill('os', 100)
    const journal = await newestJournal()
    const { size } = await stat(journal)
    const file = await openFile(journal, 'r+')
    await file.truncate(size - 7)
    await file.close()
    const driver = await openEmbedded({ directory, machine: MACHINE })
    // The witness is noted a moment after a commit: it may not have seen the last.
    expect([undefined, 'rolled-back']).toContain(driver.renewed)
    expect((await driver.check()).problems).toEqual([])
    await driver.dispose()
  }, 60_000)

  test('C2 after a clean end, a journal without its last commits is recognised', async () => {
    const first = await openEmbedded({ directory, machine: MACHINE })
    await startSession(first, 'a', 3)
    for (let at = 0; at < 5; at += 1) await first.append({ stream: 'a', drafts: drafts(1) })
    const seen = await first.head('a')
    await first.dispose()
    const journal = await newestJournal()
    const file = await openFile(journal, 'r+')
    await file.truncate((await file.stat()).size - 7)
    await file.close()
    const second = await openEmbedded({ directory, machine: MACHINE })
    expect(second.renewed).toBe('rolled-back')
    await expect(second.read('a', seen)).rejects.toMatchObject({ code: 'cursor_expired', reason: 'epoch' })
    await second.dispose()
  })

  test('C2 a missing journal is recognised', async () => {
    const first = await openEmbedded({ directory, machine: MACHINE })
    await startSession(first, 'a', 3)
    const seen = await first.head('a')
    await first.dispose()
    await rm(await newestJournal())
    const second = await openEmbedded({ directory, machine: MACHINE })
    expect(second.renewed).toBe('rolled-back')
    // The session was in that journal; one of its name begins anew, and no cursor of the old one fits.
    await startSession(second, 'a', 5)
    await expect(second.read('a', seen)).rejects.toMatchObject({ code: 'cursor_expired', reason: 'epoch' })
    await second.dispose()
  })

  test('a second writer is refused in one line, and the first goes on', async () => {
    const first = await openEmbedded({ directory, machine: MACHINE })
    await startSession(first, 'a')
    await expect(openEmbedded({ directory, machine: MACHINE })).rejects.toMatchObject({
      code: 'server_error',
      message: 'Another Throughline is using this data directory: stop it, or choose another DATA_DIR.',
    })
    await expect(checkLog(directory)).rejects.toThrow('Another Throughline is using')
    await first.append({ stream: 'a', drafts: drafts(1) })
    await first.dispose()
  })
})

async function newestJournal(): Promise<string> {
  const store = join(directory, 'store')
  const journals = (await readdir(store)).filter((name) => name.endsWith('.log')).sort()
  return join(store, journals.at(-1) ?? '')
}
