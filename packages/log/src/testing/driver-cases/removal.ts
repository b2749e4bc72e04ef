import { expect } from 'vitest'
import { drafts, offsetsOf, readAll, runRecord, sessionRecord, startSession } from '../records.ts'
import type { DriverCases } from './case.ts'

export const removalCases: DriverCases = {
  'compaction removes exactly these, and the next one left bridges': async (driver) => {
    await startSession(driver, 'a', 10)
    await driver.compact('a', [2, 3, 5, 8])
    const events = await readAll(driver, 'a')
    expect(events.map((event) => [event.offset, event.prev])).toEqual([
      [1, undefined],
      [4, 1],
      [6, 4],
      [7, undefined],
      [9, 7],
      [10, undefined],
    ])
    expect(events.map((event) => event.body)).toEqual(
      [1, 4, 6, 7, 9, 10].map((offset) => drafts(10)[offset - 1]?.body),
    )
  },

  'R6 `prev` is exact at every page border': async (driver) => {
    await startSession(driver, 'a', 30)
    await driver.compact('a', [1, 2, 5, 6, 7, 11, 13, 14, 20, 21, 22, 23, 29])
    const whole = await readAll(driver, 'a')
    expect(whole[0]).toMatchObject({ offset: 3, prev: 0 })
    const { epoch } = await driver.head('a')
    for (let offset = 0; offset <= 30; offset += 1) {
      for (const maxEvents of [1, 2, 3, 100]) {
        const page = await driver.read('a', { epoch, offset }, { maxEvents })
        expect(page.events).toEqual(whole.filter((event) => event.offset > offset).slice(0, maxEvents))
      }
    }
  },

  'compaction next to an earlier one bridges both': async (driver) => {
    await startSession(driver, 'a', 10)
    await driver.compact('a', [5, 6])
    await driver.compact('a', [3, 4])
    await driver.compact('a', [7])
    expect((await readAll(driver, 'a')).map((event) => [event.offset, event.prev])).toEqual([
      [1, undefined],
      [2, undefined],
      [8, 2],
      [9, undefined],
      [10, undefined],
    ])
  },

  'compacting again what is gone changes nothing': async (driver) => {
    await startSession(driver, 'a', 6)
    await driver.compact('a', [2, 3])
    const before = await readAll(driver, 'a')
    await driver.compact('a', [2, 3])
    await driver.compact('a', [])
    expect(await readAll(driver, 'a')).toEqual(before)
  },

  "the head's event cannot be removed": async (driver) => {
    await startSession(driver, 'a', 3)
    await expect(driver.compact('a', [2, 3])).rejects.toMatchObject({ code: 'invalid_request' })
    await expect(driver.compact('a', [4])).rejects.toMatchObject({ code: 'invalid_request' })
    await expect(driver.trim('a', 4)).rejects.toMatchObject({ code: 'invalid_request' })
    expect(await offsetsOf(driver, 'a')).toEqual([1, 2, 3])
  },

  'offsets go on after compaction and trim': async (driver) => {
    await startSession(driver, 'a', 5)
    await driver.compact('a', [2, 3, 4])
    await driver.trim('a', 5)
    const { events } = await driver.append({ stream: 'a', drafts: drafts(1) })
    expect(events).toEqual([{ offset: 6, ...drafts(1)[0] }])
    expect(await offsetsOf(driver, 'a')).toEqual([5, 6])
  },

  'trim removes what is before, never goes back, and start is what is left': async (driver) => {
    await startSession(driver, 'a', 10)
    await driver.trim('a', 6)
    await driver.trim('a', 2)
    expect(await readAll(driver, 'a')).toEqual(
      [6, 7, 8, 9, 10].map((offset) => ({ offset, ...drafts(10)[offset - 1] })),
    )
  },

  'trim into a compacted part: what is left begins at the trim': async (driver) => {
    await startSession(driver, 'a', 10)
    await driver.compact('a', [3, 4, 5, 6])
    await driver.trim('a', 5)
    const { epoch } = await driver.head('a')
    const expected = { offset: 7, prev: 4, ...drafts(10)[6] }
    expect((await readAll(driver, 'a'))[0]).toEqual(expected)
    expect((await driver.read('a', { epoch, offset: 4 })).events[0]).toEqual(expected)
    await expect(driver.read('a', { epoch, offset: 3 })).rejects.toMatchObject({ reason: 'trimmed' })
    await driver.trim('a', 7)
    expect((await readAll(driver, 'a'))[0]).toEqual({ offset: 7, ...drafts(10)[6] })
  },

  'R6 readers that page while it is compacted and trimmed miss nothing that was left': async (driver) => {
    await startSession(driver, 'a', 200)
    const { epoch } = await driver.head('a')
    const follow = async (): Promise<void> => {
      let last = 0
      while (last < 200) {
        const page = await driver.read('a', { epoch, offset: last }, { maxEvents: 7 })
        for (const event of page.events) {
          expect(event.prev ?? event.offset - 1).toBeLessThanOrEqual(last)
          last = event.offset
        }
      }
    }
    const remove = async (): Promise<void> => {
      for (let at = 1; at < 190; at += 10) await driver.compact('a', [at + 2, at + 3, at + 4, at + 7])
    }
    await Promise.all([follow(), remove(), follow()])
    const trimming = async (): Promise<void> => {
      for (let at = 2; at < 200; at += 9) await driver.trim('a', at)
    }
    const paging = follow().catch((error: unknown) => {
      expect(error).toMatchObject({ code: 'cursor_expired', reason: 'trimmed' })
    })
    await Promise.all([trimming(), paging])
    expect((await readAll(driver, 'a')).every((event) => event.offset >= 191)).toBe(true)
  },

  'R6 a gap of more than a thousand events is bridged in one piece': async (driver) => {
    await startSession(driver, 'a', 1_200)
    await driver.compact(
      'a',
      Array.from({ length: 1_099 }, (_, at) => at + 2),
    )
    const events = await readAll(driver, 'a')
    expect(events.map(({ offset }) => offset)).toEqual([
      1,
      ...Array.from({ length: 100 }, (_, at) => at + 1_101),
    ])
    expect(events.slice(0, 3).map(({ prev }) => prev)).toEqual([undefined, 1, undefined])
  },

  'appends go on while the stream is compacted and trimmed': async (driver) => {
    await startSession(driver, 'a', 50)
    const grow = Array.from({ length: 100 }, () => driver.append({ stream: 'a', drafts: drafts(1) }))
    await Promise.all([
      driver.compact('a', [10, 11, 12]),
      ...grow,
      driver.trim('a', 6),
      driver.compact('a', [20]),
    ])
    const expected = Array.from({ length: 145 }, (_, at) => at + 6).filter(
      (at) => ![10, 11, 12, 20].includes(at),
    )
    expect(await offsetsOf(driver, 'a')).toEqual(expected)
  },

  'delete removes all that belongs to the stream and leaves a tombstone': async (driver) => {
    await startSession(driver, 'a', 5)
    await startSession(driver, 'b', 1)
    expect(await driver.sessions.tombstone('a')).toBeUndefined()
    await driver.append({
      stream: 'a',
      drafts: drafts(1),
      producer: { producerId: 'p', producerSeq: 1 },
      enqueue: runRecord('a', 'r'),
    })
    await driver.saveSnapshot('a', { position: await driver.head('a'), reducerVersion: 1, state: '{}' })
    await driver.delete('a')

    const closed = { code: 'stream_closed' }
    await expect(driver.read('a', 'start')).rejects.toMatchObject(closed)
    await expect(driver.head('a')).rejects.toMatchObject(closed)
    await expect(driver.append({ stream: 'a', drafts: drafts(1) })).rejects.toMatchObject(closed)
    await expect(driver.producer('a', 'p')).rejects.toMatchObject(closed)
    await expect(driver.loadSnapshot('a')).rejects.toMatchObject(closed)
    await expect(driver.sessions.create(sessionRecord('a'))).rejects.toMatchObject(closed)
    await expect(driver.sessions.update('a', { title: 'x' })).rejects.toMatchObject(closed)
    expect(await driver.sessions.get('a')).toBeUndefined()
    expect(await driver.sessions.tombstone('a')).toEqual({ userId: 'ada' })
    expect(await driver.sessions.tombstone('b')).toBeUndefined()
    expect(await driver.sessions.tombstone('none')).toBeUndefined()
    expect((await driver.sessions.list({ userId: 'ada', limit: 10 })).sessions.map(({ id }) => id)).toEqual([
      'b',
    ])
    expect(await driver.leases.get('a', 'r')).toBeUndefined()
    expect(await driver.leases.active('a')).toEqual([])
    expect(await driver.leases.claim({ owner: 'w', now: 0, ttlMs: 1 })).toBeUndefined()
    await driver.delete('a')
    expect(await driver.sessions.tombstone('a')).toEqual({ userId: 'ada' })
    expect(await offsetsOf(driver, 'b')).toEqual([1])
  },

  'deleting what never was is not_found': async (driver) => {
    await expect(driver.delete('none')).rejects.toMatchObject({ code: 'not_found' })
    await expect(driver.trim('none', 2)).rejects.toMatchObject({ code: 'not_found' })
    await expect(driver.compact('none', [1])).rejects.toMatchObject({ code: 'not_found' })
  },
}
