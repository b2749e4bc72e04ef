import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ClassicLevel } from 'classic-level'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { StreamError } from '@throughline/protocol'
import type { LogDriver, StoredEvent } from '../../log-driver.ts'
import {
  drafts,
  readAll,
  runRecord,
  sessionRecord,
  startSession,
  startSessionOneByOne,
} from '../../testing/records.ts'
import { createRandom } from '../../testing/scheduler.ts'
import { backupLog, checkLog, openEmbedded, repairLog, type EmbeddedDriver } from '../embedded.ts'
import { eventKey, streamKey } from './keys.ts'

/** A soak raises it. */
const FLIPS = Number(process.env['C2_FLIPS'] ?? 120)
const MACHINE = { machineId: 'm1', bootId: 'b1' }

let root: string
let directory: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'throughline-'))
  directory = join(root, 'log')
})

afterEach(() => rm(root, { recursive: true }))

function open(at = directory): Promise<EmbeddedDriver> {
  return openEmbedded({ directory: at, machine: MACHINE })
}

/** A log of three sessions with something of everything in it. */
async function fill(): Promise<void> {
  const driver = await open()
  for (const stream of ['a', 'b', 'c']) {
    await startSessionOneByOne(driver, stream, 40)
    await driver.compact(stream, [5, 6, 7, 20])
    await driver.append({
      stream,
      drafts: drafts(2),
      producer: { producerId: 'p', producerSeq: 1 },
      enqueue: runRecord(stream, 'r'),
    })
  }
  await driver.saveSnapshot('a', { position: await driver.head('a'), reducerVersion: 1, state: '{"x":1}' })
  await driver.dispose()
}

/** Everything that can be asked; each answer is the truth or a refusal. */
async function ask(driver: LogDriver): Promise<Record<string, unknown>> {
  const answers: Record<string, unknown> = {}
  const note = async (name: string, answer: () => Promise<unknown>): Promise<void> => {
    try {
      answers[name] = await answer()
    } catch (error) {
      if (!(error instanceof StreamError) || error.code !== 'server_error') throw error
      answers[name] = 'refused'
    }
  }
  for (const stream of ['a', 'b', 'c']) {
    await note(`events ${stream}`, () => readAll(driver, stream))
    await note(`session ${stream}`, () => driver.sessions.get(stream))
    await note(`run ${stream}`, async () => (await driver.leases.get(stream, 'r'))?.phase)
    await note(`producer ${stream}`, async () => (await driver.producer(stream, 'p'))?.producerSeq)
  }
  await note('snapshot', async () => (await driver.loadSnapshot('a'))?.state)
  await note('list', () => driver.sessions.list({ userId: 'ada', limit: 10 }))
  return answers
}

/** Flips one bit of one file; returns where. */
async function flipBit(store: string, random: () => number): Promise<string> {
  const files = (await readdir(store)).filter((name) => /\.(ldb|log)$|^(MANIFEST|CURRENT)/.test(name)).sort()
  const name = files[Math.floor(random() * files.length)] ?? ''
  const bytes = await readFile(join(store, name))
  const bit = Math.floor(random() * bytes.length * 8)
  await writeFile(join(store, name), flipped(bytes, bit))
  return `${name}, bit ${String(bit)}`
}

function flipped(bytes: Buffer, bit: number): Buffer {
  const at = bit >> 3
  bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit & 7))
  return bytes
}

async function withRaw(change: (db: ClassicLevel) => Promise<void>): Promise<void> {
  const db = new ClassicLevel(join(directory, 'store'))
  await db.open()
  await change(db)
  await db.close()
}

describe('damage of the embedded store', () => {
  test.each([
    ['an event', eventKey('b', 9)],
    ['a session', streamKey('b')],
    ['a snapshot', 'x!a'],
    ['a producer', 'p!b!p'],
  ])('C2 a stored value that is another one is refused: %s', async (what, key) => {
    await fill()
    const db = new ClassicLevel(join(directory, 'store'))
    const value = (await db.get(key)) ?? ''
    // A digit or a letter becomes another one: it can still be read as what it was.
    const at = value.search(/[a-y1-8](?=[^;]*$)/)
    const other = String.fromCharCode(value.charCodeAt(at) + 1)
    await db.put(key, value.slice(0, at) + other + value.slice(at + 1))
    await db.close()
    const driver = await open()
    const read: Record<string, () => Promise<unknown>> = {
      'an event': () => readAll(driver, 'b'),
      'a session': () => driver.sessions.get('b'),
      'a snapshot': () => driver.loadSnapshot('a'),
      'a producer': () => driver.producer('b', 'p'),
    }
    await expect(read[what]?.()).rejects.toMatchObject({ code: 'server_error' })
    // Whoever meets it, nothing is written over it any more.
    await expect(driver.append({ stream: 'a', drafts: drafts(1) })).rejects.toMatchObject({
      code: 'server_error',
    })
    await driver.dispose()
  })

  test('C2 a flipped bit anywhere in its files is refused, or known to be lost, or changes nothing', async () => {
    await fill()
    const before = await open()
    const truth = await ask(before)
    await before.dispose()
    const random = createRandom(Number(process.env['C2_SEED'] ?? 1))
    const outcomes = { refused: 0, reset: 0, unchanged: 0 }
    for (let flip = 0; flip < FLIPS; flip += 1) {
      const copy = join(root, `flip-${String(flip)}`)
      await cp(directory, copy, { recursive: true })
      const where = await flipBit(join(copy, 'store'), random)
      const driver = await open(copy).catch((error: unknown) => {
        expect(error, where).toMatchObject({ code: 'server_error' })
        outcomes.refused += 1
        return undefined
      })
      if (driver !== undefined) {
        expect(where).not.toContain('.ldb')
        // A lost end of the journal is a shorter history in new epochs; all else must be as it was.
        if (driver.renewed === 'rolled-back') outcomes.reset += 1
        else expect(await ask(driver), where).toEqual(truth)
        if (driver.renewed === 'moved') outcomes.unchanged += 1
        await driver.dispose()
      }
      await rm(copy, { recursive: true })
    }
    expect(outcomes.refused + outcomes.reset + outcomes.unchanged).toBe(FLIPS)
    expect(outcomes.refused).toBeGreaterThan(FLIPS / 4)
  }, 120_000)

  test('C2 a table that changed is put aside by a repair; what the others hold is there again', async () => {
    await fill()
    const filled = await open()
    await startSession(filled, 'd', 20)
    const kept = await readAll(filled, 'd')
    await filled.dispose()
    // Opening moves what the last process wrote into a table of its own.
    await (await open()).dispose()
    const store = join(directory, 'store')
    const [oldest = ''] = (await readdir(store)).filter((name) => name.endsWith('.ldb')).sort()
    await writeFile(join(store, oldest), flipped(await readFile(join(store, oldest)), 100))

    const expected = `The file ${oldest} of the store changed on the disk.`
    expect((await checkLog(directory)).problems.map((problem) => problem.text)).toEqual([expected])
    await expect(open()).rejects.toThrow('1 of its files changed on the disk')
    await expect(backupLog(directory, join(root, 'backup'))).rejects.toThrow('The log is damaged')
    expect((await repairLog(directory)).problems.map((problem) => problem.text)).toContain(expected)
    expect((await checkLog(directory)).problems).toEqual([])
    const driver = await open()
    expect(await readAll(driver, 'd')).toEqual(kept)
    expect(await readdir(join(directory, 'damaged'))).toEqual([oldest])
    await driver.dispose()
  })

  test('C2 a hole in the offsets is refused by whoever would read over it, and then everything is', async () => {
    await fill()
    await withRaw((db) => db.del(eventKey('a', 12)))
    const driver = await open()
    const { epoch } = await driver.head('a')
    expect((await driver.read('a', { epoch, offset: 12 })).events.length).toBeGreaterThan(0)
    await expect(driver.read('a', { epoch, offset: 3 })).rejects.toMatchObject({
      code: 'server_error',
      message: 'The log is damaged: stop, run the data check, and restore a backup if it says so.',
    })
    await expect(driver.append({ stream: 'b', drafts: drafts(1) })).rejects.toMatchObject({
      code: 'server_error',
    })
    await expect(driver.healthy()).rejects.toMatchObject({ code: 'server_error' })
    expect(await readAll(driver, 'b')).toHaveLength(38)
    await driver.dispose()
  })

  test('C2 a lost end of a stream is refused before anything is appended over it', async () => {
    await fill()
    await withRaw((db) => db.batch([41, 42].map((offset) => ({ type: 'del', key: eventKey('a', offset) }))))
    const driver = await open()
    await expect(driver.append({ stream: 'a', drafts: drafts(1) })).rejects.toMatchObject({
      code: 'server_error',
    })
    await driver.dispose()
  })

  test('C2 a journal cut in the middle is refused at open', async () => {
    await fill()
    // A commit whose trace is missing while later ones are there.
    await withRaw((db) => db.del('c!000004'))
    await expect(open()).rejects.toMatchObject({
      code: 'server_error',
      message:
        'The log is damaged: 1 of its last writes are missing. Run the data check, or restore a backup.',
    })
  })

  test('the check names what is damaged, and a repair leaves a log that works, in new epochs', async () => {
    await fill()
    const before = await open()
    const old = await before.head('a')
    const whole = await readAll(before, 'c')
    await before.dispose()
    expect((await checkLog(directory)).problems).toEqual([])
    await withRaw(async (db) => {
      await db.del(eventKey('a', 12))
      await db.put(eventKey('a', 30), 'garbage')
      await db.batch([41, 42].map((offset) => ({ type: 'del', key: eventKey('b', offset) })))
      await db.put('q!b!r', 'x;y')
      await db.put('p!c!p', '0;{}')
      await db.del('c!000007')
      for await (const key of db.keys({ gte: 'u!', lt: 'u"', limit: 1 })) await db.del(key)
    })
    const { problems } = await checkLog(directory)
    expect(problems.map((problem) => problem.text)).toEqual([
      '1 of the last writes are missing.',
      'Events of session a between 11 and 13 are missing or damaged.',
      'Events of session a between 29 and 31 are missing or damaged.',
      'Session a is not listed.',
      'The last events of session b, after 40, are missing or damaged.',
      'The producer p of session c is damaged.',
      'The run r of session b is damaged.',
    ])

    await repairLog(directory)
    expect((await checkLog(directory)).problems).toEqual([])
    const driver = await open()
    const offsets = (events: StoredEvent[]): unknown => events.map((event) => [event.offset, event.prev])
    expect(offsets(await readAll(driver, 'a'))).toContainEqual([13, 11])
    expect(offsets(await readAll(driver, 'a'))).toContainEqual([31, 29])
    expect((await driver.head('b')).offset).toBe(40)
    expect(await readAll(driver, 'c')).toEqual(whole)
    expect(await driver.leases.get('b', 'r')).toBeUndefined()
    expect((await driver.sessions.list({ userId: 'ada', limit: 10 })).sessions).toHaveLength(3)
    await expect(driver.read('a', old)).rejects.toMatchObject({ reason: 'epoch' })
    expect((await driver.append({ stream: 'b', drafts: drafts(1) })).head.offset).toBe(41)
    await driver.dispose()
  })

  test('a session whose record is damaged is removed by a repair, the others stay', async () => {
    await fill()
    await withRaw((db) => db.put(streamKey('a'), 'x'))
    const refused = await open()
    await expect(refused.head('a')).rejects.toMatchObject({ code: 'server_error' })
    await refused.dispose()
    await repairLog(directory)
    const driver = await open()
    await expect(driver.head('a')).rejects.toMatchObject({ code: 'stream_closed' })
    expect(await readAll(driver, 'b')).toHaveLength(38)
    await driver.dispose()
  })

  test('a check leaves epochs alone and works while appends go on', async () => {
    await fill()
    expect(await checkLog(directory)).toMatchObject({ streams: 3, events: 114, problems: [] })
    const driver = await open()
    expect(driver.renewed).toBeUndefined()
    await driver.sessions.create(sessionRecord('d'))
    const appends = Array.from({ length: 300 }, () => driver.append({ stream: 'd', drafts: drafts(1) }))
    expect((await driver.check()).problems).toEqual([])
    await Promise.all(appends)
    await driver.delete('a')
    await driver.trim('b', 30)
    expect((await driver.check()).problems).toEqual([])
    await driver.dispose()
  })
})
