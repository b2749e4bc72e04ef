import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FileInput } from '@throughline/agents'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createDatabaseOriginals } from './originals.ts'
import { eachDatabase } from './testing/each-database.ts'

let folder = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'throughline-originals-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function file(...bytes: number[]): Promise<string> {
  const path = join(folder, 'incoming')
  await writeFile(path, new Uint8Array(bytes))
  return path
}

function described(owner: string | null, id: string): FileInput {
  return { owner, id, name: `${id}.md`, kind: 'markdown', bytes: 1, content: '' }
}

eachDatabase('originals', ({ open, again }) => {
  test('come back byte for byte, on every node, to their owner alone', async () => {
    const here = createDatabaseOriginals({ database: await open() })
    const there = createDatabaseOriginals({ database: await again() })
    await here.put(described('ada', 'a'), await file(0, 255, 39))
    expect(await readdir(folder)).toEqual([])
    await there.put(described('ada', 'b'), await file(1))
    await there.put(described(null, 'c'), await file(2))
    expect(await there.get({ owner: 'ada', id: 'a' })).toEqual(new Uint8Array([0, 255, 39]))
    expect(await here.get({ owner: null, id: 'c' })).toEqual(new Uint8Array([2]))
    expect(await here.get({ owner: 'eve', id: 'a' })).toBeNull()
    await here.delete({ owner: 'eve', id: 'a' })
    await here.put(described('ada', 'a'), await file(9))
    expect(await there.get({ owner: 'ada', id: 'a' })).toEqual(new Uint8Array([0, 255, 39]))
    await here.delete({ owner: 'ada', id: 'a' })
    expect(await there.get({ owner: 'ada', id: 'a' })).toBeNull()
  })

  test('are bounded, each and all of an owner', async () => {
    const originals = createDatabaseOriginals({ database: await open(), maxBytes: 4, maxOwnerBytes: 6 })
    const put = async (owner: string, id: string, size: number): Promise<void> =>
      originals.put(described(owner, id), await file(...Array.from({ length: size }, () => 7)))
    await expect(put('ada', 'a', 5)).rejects.toMatchObject({ status: 413 })
    await put('ada', 'a', 4)
    await expect(put('ada', 'b', 3)).rejects.toMatchObject({ status: 413 })
    await put('ada', 'b', 2)
    await put('eve', 'b', 3)
  })

  test('are given away once each, and cleared', async () => {
    const originals = createDatabaseOriginals({ database: await open() })
    for (const [owner, id] of [
      ['guest', 'a'],
      ['guest', 'b'],
      ['ada', 'b'],
      ['eve', 'c'],
    ] as const) {
      await originals.put(described(owner, id), await file(1))
    }
    await originals.give('guest', 'ada')
    for (const id of ['a', 'b']) {
      expect(await originals.get({ owner: 'ada', id })).not.toBeNull()
      expect(await originals.get({ owner: 'guest', id })).toBeNull()
    }
    await originals.clear('ada')
    expect(await originals.get({ owner: 'ada', id: 'a' })).toBeNull()
    expect(await originals.get({ owner: 'eve', id: 'c' })).not.toBeNull()
  })
})
