import { expect } from 'vitest'
import { startSession } from '../records.ts'
import type { DriverCases } from './case.ts'

export const snapshotCases: DriverCases = {
  'a snapshot comes back as it was saved': async (driver) => {
    await startSession(driver, 'a', 3)
    expect(await driver.loadSnapshot('a')).toBeUndefined()
    const snapshot = {
      position: await driver.head('a'),
      reducerVersion: 2,
      state: `{"é":"${'x'.repeat(300_000)}"}`,
    }
    await driver.saveSnapshot('a', snapshot)
    expect(await driver.loadSnapshot('a')).toEqual(snapshot)
  },

  'the newest reducer wins, then the furthest position, whatever the order of saving': async (driver) => {
    await startSession(driver, 'a', 9)
    const { epoch } = await driver.head('a')
    const save = (offset: number, reducerVersion: number): Promise<void> =>
      driver.saveSnapshot('a', { position: { epoch, offset }, reducerVersion, state: '{}' })
    const kept = async (): Promise<unknown> => {
      const snapshot = await driver.loadSnapshot('a')
      return [snapshot?.position.offset, snapshot?.reducerVersion]
    }
    await save(5, 1)
    await save(3, 1)
    expect(await kept()).toEqual([5, 1])
    await save(8, 1)
    expect(await kept()).toEqual([8, 1])
    await save(4, 2)
    expect(await kept()).toEqual([4, 2])
    await save(9, 1)
    expect(await kept()).toEqual([4, 2])
  },

  'of several that fold the same stream the first one keeps its snapshot; the next is taken further on':
    async (driver) => {
      await startSession(driver, 'a', 30)
      const { epoch } = await driver.head('a')
      const save = async (offset: number, options: { apart?: number; reducerVersion?: number } = {}) => {
        const { apart = 10, reducerVersion = 1 } = options
        const snapshot = { position: { epoch, offset }, reducerVersion, state: `{"at":${String(offset)}}` }
        await driver.saveSnapshot('a', snapshot, { apart })
        return (await driver.loadSnapshot('a'))?.state
      }
      expect(await save(11)).toBe('{"at":11}')
      expect(await save(11)).toBe('{"at":11}')
      expect(await save(20)).toBe('{"at":11}')
      expect(await save(21)).toBe('{"at":21}')
      expect(await save(22, { reducerVersion: 2 })).toBe('{"at":22}')
      expect(await save(23, { apart: 0, reducerVersion: 2 })).toBe('{"at":23}')
    },

  'a snapshot of another epoch or of more than there is is refused': async (driver) => {
    await startSession(driver, 'a', 3)
    const { epoch } = await driver.head('a')
    for (const position of [
      { epoch, offset: 4 },
      { epoch: 'zzzzzzzzzz', offset: 1 },
    ]) {
      await expect(
        driver.saveSnapshot('a', { position, reducerVersion: 1, state: '{}' }),
      ).rejects.toMatchObject({ code: 'conflict' })
    }
    expect(await driver.loadSnapshot('a')).toBeUndefined()
  },

  'a snapshot survives trim and compaction of what it folds': async (driver) => {
    await startSession(driver, 'a', 9)
    const snapshot = {
      position: { ...(await driver.head('a')), offset: 5 },
      reducerVersion: 1,
      state: '{"a":1}',
    }
    await driver.saveSnapshot('a', snapshot)
    await driver.compact('a', [4, 5])
    await driver.trim('a', 6)
    expect(await driver.loadSnapshot('a')).toEqual(snapshot)
    expect((await driver.read('a', snapshot.position)).events.map((event) => event.offset)).toEqual([
      6, 7, 8, 9,
    ])
  },

  'a snapshot of a stream that never was is not_found': async (driver) => {
    await expect(driver.loadSnapshot('none')).rejects.toMatchObject({ code: 'not_found' })
  },
}
