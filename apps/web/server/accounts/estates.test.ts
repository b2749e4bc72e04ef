import { expect, test } from 'vitest'
import { eachDatabase } from '../database/testing/each-database.ts'
import { createEstates, type Estates } from './estates.ts'
import type { Possession } from './possession.ts'

/** Things of users that break when told to. */
function things(name: string, owners: Map<string, string>): Possession & { broken: boolean } {
  const act = async (userId: string, change: (thing: string) => void): Promise<void> => {
    for (const [thing, owner] of owners) {
      if (owner !== userId) continue
      change(thing)
      if (possession.broken) throw new Error(`${name} broke in the middle`)
    }
  }
  const possession = {
    name,
    broken: false,
    give: (from: string, to: string) => act(from, (thing) => owners.set(thing, to)),
    remove: (userId: string) => act(userId, (thing) => owners.delete(thing)),
  }
  return possession
}

eachDatabase('estates', ({ open, again }) => {
  test('what broke in the middle is finished by the next process, in order', async () => {
    const owners = new Map([
      ['a', 'guest'],
      ['b', 'guest'],
      ['c', 'ada'],
      ['d', 'bob'],
    ])
    const pens = things('pens', owners)
    const ended: string[] = []
    const auth = { endLogin: ({ userId }: { userId: string }) => Promise.resolve(void ended.push(userId)) }
    const failures: unknown[] = []
    let time = 0
    const start = async (database: Awaited<ReturnType<typeof open>>): Promise<Estates> => {
      const estates = createEstates({
        database,
        auth,
        possessions: [pens],
        now: () => (time += 1),
        onError: (error) => failures.push(error),
      })
      await estates.start()
      return estates
    }

    const before = await start(await open())
    pens.broken = true
    await expect(before.settle('guest', 'ada')).rejects.toThrow('in the middle')
    expect([...owners.values()].filter((owner) => owner === 'guest')).toHaveLength(1)
    await expect(before.settle('ada', null)).rejects.toThrow('in the middle')
    expect(ended).not.toContain('ada')
    await before.close()

    pens.broken = false
    const after = await start(await again())
    expect(Object.fromEntries(owners)).toEqual({ d: 'bob' })
    expect(ended.at(-1)).toBe('ada')
    expect(failures).toEqual([])
    await after.settle('bob', null)
    expect(owners.size).toBe(0)
    await after.close()
  })
})
