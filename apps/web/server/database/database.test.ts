import { expect, test } from 'vitest'
import { migrate } from './migrations.ts'
import { eachDatabase } from './testing/each-database.ts'

eachDatabase('the database', ({ open, again }) => {
  test('is made once, by whichever of two nodes that start together', async () => {
    const first = await open()
    const [second, third] = await Promise.all([again(), again()])
    await first.query.insertInto('estates').values({ userId: 'u', heir: null, createdAt: 1e12 }).execute()
    const rows = await second.query.selectFrom('estates').selectAll().execute()
    expect(rows).toEqual([{ userId: 'u', heir: null, createdAt: 1e12 }])
    await migrate(third)
    expect(await third.query.selectFrom('accounts').selectAll().execute()).toEqual([])
  })

  test('of a newer release is refused, and says which', async () => {
    const { query } = await open()
    await query
      .$extendTables<{ kysely_migration: { name: string; timestamp: string } }>()
      .insertInto('kysely_migration')
      .values({ name: '999-from-the-future', timestamp: new Date().toISOString() })
      .execute()
    await expect(again()).rejects.toThrow(/newer release \(999-from-the-future\)/)
  })

  test('keeps bytes and large numbers as they were', async () => {
    const { query } = await open()
    const bytes = new Uint8Array([0, 255, 10, 13, 39])
    const described = { name: 'n', kind: 'text', content: 'c', cancelled: 0 }
    const row = { userId: 'u', documentId: 'd', size: 5, bytes, ...described }
    await query
      .insertInto('originals')
      .values({ ...row, createdAt: 1_795_392_000_123 })
      .execute()
    const [back] = await query.selectFrom('originals').selectAll().execute()
    expect({ ...back, bytes: [...(back?.bytes ?? [])] }).toEqual({
      ...row,
      bytes: [...bytes],
      createdAt: 1_795_392_000_123,
    })
  })
})
