import { expect, test } from 'vitest'
import { createOriginals } from './originals.ts'
import { eachDatabase } from './testing/each-database.ts'

const bytesOf = (...values: number[]): Uint8Array => new Uint8Array(values)
const named = (documentId: string, bytes: Uint8Array) => ({
  documentId,
  name: `${documentId}.pdf`,
  mediaType: 'application/pdf',
  bytes,
})

eachDatabase('originals', ({ open, again }) => {
  test('come back byte for byte, on every node, and belong to one user', async () => {
    const here = createOriginals({ database: await open(), now: () => 5 })
    const there = createOriginals({ database: await again(), now: () => 6 })
    await here.put('ada', named('a', bytesOf(0, 255, 39)))
    await there.put('ada', named('b', bytesOf(1)))
    expect(await there.get('ada', 'a')).toEqual({ ...named('a', bytesOf(0, 255, 39)), size: 3, createdAt: 5 })
    expect((await here.list('ada')).map(({ documentId, size }) => [documentId, size])).toEqual([
      ['a', 3],
      ['b', 1],
    ])
    expect(await here.get('eve', 'a')).toBeUndefined()
    expect(await here.delete('eve', 'a')).toBe(false)
    await here.put('ada', named('a', bytesOf(9)))
    expect((await there.get('ada', 'a'))?.bytes).toEqual(bytesOf(9))
    expect(await here.delete('ada', 'a')).toBe(true)
    expect(await there.get('ada', 'a')).toBeUndefined()
  })

  test('are bounded, each and all of a user', async () => {
    const originals = createOriginals({ database: await open(), maxBytes: 4, maxUserBytes: 6 })
    await expect(originals.put('ada', named('a', new Uint8Array(5)))).rejects.toMatchObject({ status: 413 })
    await originals.put('ada', named('a', new Uint8Array(4)))
    await expect(originals.put('ada', named('b', new Uint8Array(3)))).rejects.toMatchObject({ status: 413 })
    await originals.put('ada', named('a', new Uint8Array(3)))
    await originals.put('ada', named('b', new Uint8Array(3)))
    await originals.put('eve', named('b', new Uint8Array(3)))
    expect(await originals.list('ada')).toHaveLength(2)
  })

  test('are given away once each, and removed', async () => {
    const originals = createOriginals({ database: await open() })
    for (const [userId, id] of [
      ['guest', 'a'],
      ['guest', 'b'],
      ['ada', 'b'],
      ['eve', 'c'],
    ] as const) {
      await originals.put(userId, named(id, bytesOf(1)))
    }
    await originals.owned.give('guest', 'ada')
    expect((await originals.list('ada')).map(({ documentId }) => documentId)).toEqual(['a', 'b'])
    expect(await originals.list('guest')).toEqual([])
    await originals.owned.remove('ada')
    expect(await originals.list('ada')).toEqual([])
    expect(await originals.list('eve')).toHaveLength(1)
  })
})
