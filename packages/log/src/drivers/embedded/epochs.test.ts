import { appendFile, cp, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { drafts, offsetsOf, startSession } from '../../testing/records.ts'
import { checkLog, openEmbedded, repairLog, restoreLog, type EmbeddedDriver } from '../embedded.ts'
import { newGenerationReason } from './generation.ts'
import { epochOf } from './stream-cell.ts'

const MACHINE = { machineId: 'm1', bootId: 'b1' }

let root: string
let directory: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'throughline-'))
  directory = join(root, 'log')
})

afterEach(() => rm(root, { recursive: true }))

async function open(machine = MACHINE): Promise<EmbeddedDriver> {
  return openEmbedded({ directory, machine })
}

describe('epochs of the embedded driver', () => {
  test('C6 a clean restart, also of the machine, goes on in the same epoch', async () => {
    const first = await open()
    expect(first.renewed).toBe('created')
    await startSession(first, 'a', 5)
    const head = await first.head('a')
    await first.dispose()
    const second = await open({ ...MACHINE, bootId: 'b2' })
    expect(second.renewed).toBeUndefined()
    expect(await second.head('a')).toEqual(head)
    await second.dispose()
  })

  test('C6 a folder that was moved and moved back goes on in the same epoch', async () => {
    const first = await open()
    await startSession(first, 'a', 1)
    const head = await first.head('a')
    await first.dispose()
    await rename(directory, `${directory}-elsewhere`)
    await rename(`${directory}-elsewhere`, directory)
    const second = await open()
    expect(await second.head('a')).toEqual(head)
    await second.dispose()
  })

  const changes: Record<string, { change: () => Promise<typeof MACHINE>; reason: string }> = {
    'C6 another machine': {
      change: () => Promise.resolve({ machineId: 'm2', bootId: 'b1' }),
      reason: 'other-machine',
    },
    'C6 a copy put in its place': {
      change: async () => {
        await cp(directory, `${directory}-copy`, { recursive: true, preserveTimestamps: true })
        await rm(directory, { recursive: true })
        await rename(`${directory}-copy`, directory)
        return MACHINE
      },
      reason: 'moved',
    },
    'C6 its own files copied back over it': {
      change: async () => {
        await cp(directory, `${directory}-copy`, { recursive: true, preserveTimestamps: true })
        await cp(`${directory}-copy`, directory, { recursive: true, preserveTimestamps: true, force: true })
        return MACHINE
      },
      reason: 'moved',
    },
    'C6 a mark that is gone': {
      change: async () => {
        await rm(join(directory, 'mark.json'))
        return MACHINE
      },
      reason: 'unmarked',
    },
    'C6 a mark that is torn': {
      change: async () => {
        await writeFile(join(directory, 'mark.json'), '{"clean":tr')
        return MACHINE
      },
      reason: 'unmarked',
    },
  }
  for (const [title, { change, reason }] of Object.entries(changes)) {
    test(`${title}: every stream begins a new epoch and keeps its events`, async () => {
      const first = await open()
      await startSession(first, 'a', 5)
      await startSession(first, 'b', 2)
      await first.saveSnapshot('a', { position: await first.head('a'), reducerVersion: 1, state: '{}' })
      await first.append({ stream: 'a', drafts: drafts(1), producer: { producerId: 'p', producerSeq: 1 } })
      const old = { a: await first.head('a'), b: await first.head('b') }
      await first.dispose()

      const machine = await change()
      const second = await open(machine)
      expect(second.renewed).toBe(reason)
      for (const stream of ['a', 'b'] as const) {
        const head = await second.head(stream)
        expect(head.offset).toBe(old[stream].offset)
        expect(head.epoch).not.toBe(old[stream].epoch)
        await expect(second.read(stream, old[stream])).rejects.toMatchObject({ reason: 'epoch', head })
      }
      const { epoch } = await second.head('a')
      expect(await offsetsOf(second, 'a')).toEqual([1, 2, 3, 4, 5, 6])
      expect((await second.loadSnapshot('a'))?.position).toEqual({ epoch, offset: 5 })
      expect((await second.producer('a', 'p'))?.head).toEqual({ epoch, offset: 6 })
      await second.dispose()

      const third = await open(machine)
      expect(third.renewed).toBeUndefined()
      expect((await third.head('a')).epoch).toBe(epoch)
      await third.dispose()
    })
  }

  test('two streams never share an epoch, whatever the generation, and each looks like one', () => {
    const epochs = ['g1', 'g2'].flatMap((generation) =>
      ['a', 'b', 'c'].map((seed) => epochOf(seed, generation)),
    )
    expect(new Set(epochs).size).toBe(6)
    for (let at = 0; at < 5_000; at += 1) expect(epochOf(String(at), 'g')).toMatch(/^[a-z0-9]{10}$/)
  })

  test('C6 which stops of process and machine begin new epochs', () => {
    const mark = { ...MACHINE, clean: false, synced: false, files: 'f', commit: 10 }
    const now = { machine: MACHINE, files: 'f', commit: 10 }
    const otherBoot = { ...now, machine: { ...MACHINE, bootId: 'b2' } }
    const unknownBoot = { ...now, machine: { ...MACHINE, bootId: '' } }
    expect(newGenerationReason({ ...now, mark })).toBeUndefined()
    expect(newGenerationReason({ ...otherBoot, mark })).toBe('machine-stopped')
    expect(newGenerationReason({ ...otherBoot, mark: { ...mark, synced: true } })).toBeUndefined()
    expect(newGenerationReason({ ...otherBoot, mark: { ...mark, clean: true } })).toBeUndefined()
    expect(newGenerationReason({ ...unknownBoot, mark: { ...mark, bootId: '' } })).toBe('machine-stopped')
    expect(newGenerationReason({ ...now, commit: 9, mark })).toBe('rolled-back')
    expect(newGenerationReason({ ...now, commit: 9, mark: { ...mark, clean: true } })).toBe('rolled-back')
    expect(newGenerationReason({ ...now, commit: 12, mark })).toBeUndefined()
  })

  test('C4 an old backup restored: clients that had seen more reset', async () => {
    const first = await open()
    await startSession(first, 'a', 5)
    const backup = join(root, 'backup')
    await first.backup(backup)
    await first.append({ stream: 'a', drafts: drafts(5) })
    const seen = await first.head('a')
    await first.dispose()

    await rm(directory, { recursive: true })
    const { problems } = await restoreLog(backup, directory)
    expect(problems).toEqual([])
    const second = await open()
    await second.append({ stream: 'a', drafts: drafts(9, 'other') })
    await expect(second.read('a', seen)).rejects.toMatchObject({ code: 'cursor_expired', reason: 'epoch' })
    expect(await offsetsOf(second, 'a')).toHaveLength(14)
    await second.dispose()
  })

  test('C4 a backup that changed on the disk is not restored', async () => {
    const first = await open()
    await startSession(first, 'a', 5)
    await first.dispose()
    const second = await open()
    const backup = join(root, 'backup')
    await second.backup(backup)
    await second.dispose()
    // Looking into it moves its journal into a table.
    expect((await checkLog(backup)).problems).toEqual([])
    await repairLog(backup)
    const store = join(backup, 'store')
    const [table = ''] = (await readdir(store)).filter((name) => name.endsWith('.ldb'))
    await appendFile(join(store, table), 'x')
    await expect(restoreLog(backup, join(root, 'again'))).rejects.toThrow('The backup is damaged')
  })

  test('C4 a backup copied into place by hand resets, too', async () => {
    const first = await open()
    await startSession(first, 'a', 5)
    const seen = await first.head('a')
    await first.backup(join(root, 'backup'))
    await first.dispose()
    await rm(directory, { recursive: true })
    await cp(join(root, 'backup'), directory, { recursive: true })
    const second = await open()
    expect(second.renewed).toBe('unmarked')
    await expect(second.read('a', seen)).rejects.toMatchObject({ reason: 'epoch' })
    await second.dispose()
  })

  test('an open store renews what identifies its files, so that a copy made before is another one', async () => {
    const first = await open()
    const before = await stat(join(directory, 'store', 'CURRENT'), { bigint: true })
    await first.dispose()
    const second = await open()
    const after = await stat(join(directory, 'store', 'CURRENT'), { bigint: true })
    await second.dispose()
    expect([after.ino, after.ctimeNs]).not.toEqual([before.ino, before.ctimeNs])
  })
})
