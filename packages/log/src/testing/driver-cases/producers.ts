import { expect } from 'vitest'
import type { Appended } from '../../log-driver.ts'
import { drafts, offsetsOf, readAll, runRecord, startSession } from '../records.ts'
import type { DriverCases } from './case.ts'

export const producerCases: DriverCases = {
  'L7 a repeated batch is appended once and answered with its own head': async (driver) => {
    await startSession(driver, 'a', 1)
    const batch = { stream: 'a', drafts: drafts(2), producer: { producerId: 'p', producerSeq: 1 } }
    const first = await driver.append(batch)
    await driver.append({ stream: 'a', drafts: drafts(5) })
    expect(await driver.append(batch)).toEqual({ events: [], head: first.head, repeated: true })
    expect(await offsetsOf(driver, 'a')).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect(await driver.producer('a', 'p')).toEqual({ producerSeq: 1, head: first.head })
  },

  'L7 repeats that arrive together are appended once': async (driver) => {
    await startSession(driver, 'a')
    const batch = { stream: 'a', drafts: drafts(2), producer: { producerId: 'p', producerSeq: 1 } }
    const answers = await Promise.all(Array.from({ length: 10 }, () => driver.append(batch)))
    expect(answers.filter((answer) => !answer.repeated)).toHaveLength(1)
    expect(answers.map((answer) => answer.head.offset)).toEqual(Array.from({ length: 10 }, () => 2))
    expect((await driver.head('a')).offset).toBe(2)
  },

  'L7 the repeat of an older batch is answered as accepted': async (driver) => {
    await startSession(driver, 'a')
    for (const producerSeq of [1, 2, 3]) {
      await driver.append({ stream: 'a', drafts: drafts(1), producer: { producerId: 'p', producerSeq } })
    }
    const answer = await driver.append({
      stream: 'a',
      drafts: drafts(1),
      producer: { producerId: 'p', producerSeq: 1 },
    })
    expect(answer).toMatchObject({ events: [], repeated: true, head: { offset: 3 } })
  },

  'L8 a gap is a conflict, and so is a first batch that is not number 1': async (driver) => {
    await startSession(driver, 'a')
    const send = (producerSeq: number): Promise<unknown> =>
      driver.append({ stream: 'a', drafts: drafts(1), producer: { producerId: 'p', producerSeq } })
    await expect(send(2)).rejects.toMatchObject({ code: 'conflict' })
    await send(1)
    await expect(send(3)).rejects.toMatchObject({ code: 'conflict' })
    await send(2)
    expect(await offsetsOf(driver, 'a')).toEqual([1, 2])
  },

  'L7 batches of one draft each, sent together: those accepted before are left out': async (driver) => {
    await startSession(driver, 'a')
    const lines = drafts(9)
    const send = (from: number, through: number): Promise<Appended> =>
      driver.append({
        stream: 'a',
        drafts: lines.slice(from - 1, through),
        producer: { producerId: 'p', producerSeq: from, through },
      })
    const head = async (): Promise<number> => (await driver.head('a')).offset
    expect((await send(1, 3)).events).toEqual(
      lines.slice(0, 3).map((each, at) => ({ offset: at + 1, ...each })),
    )
    const overlapping = await send(2, 5)
    expect(overlapping).toMatchObject({ repeated: false, head: { offset: 5 } })
    expect(overlapping.events.map(({ offset, body }) => [offset, body])).toEqual([
      [4, lines[3]?.body],
      [5, lines[4]?.body],
    ])
    expect(await send(1, 5)).toEqual({ events: [], head: overlapping.head, repeated: true })
    expect(await send(4, 4)).toEqual({ events: [], head: overlapping.head, repeated: true })
    expect(await driver.producer('a', 'p')).toEqual({ producerSeq: 5, head: overlapping.head })
    await expect(send(7, 8)).rejects.toMatchObject({ code: 'conflict' })
    expect(await head()).toBe(5)
    await Promise.all([send(5, 7), send(6, 9), send(8, 9)])
    expect((await readAll(driver, 'a')).map(({ body }) => body)).toEqual(lines.map(({ body }) => body))
    for (const through of [8, 9, 11]) {
      const producer = { producerId: 'p', producerSeq: 10, through }
      await expect(driver.append({ stream: 'a', drafts: drafts(3), producer })).rejects.toMatchObject({
        code: 'invalid_request',
      })
    }
    expect(await head()).toBe(9)
  },

  'a number that does not count is refused': async (driver) => {
    await startSession(driver, 'a')
    for (const producerSeq of [0, -1, 1.5, Number.NaN]) {
      await expect(
        driver.append({ stream: 'a', drafts: drafts(1), producer: { producerId: 'p', producerSeq } }),
      ).rejects.toMatchObject({ code: 'invalid_request' })
    }
  },

  'producers are counted each for itself, and in each stream': async (driver) => {
    await startSession(driver, 'a')
    await startSession(driver, 'b')
    for (const stream of ['a', 'b']) {
      for (const producerId of ['p', 'q']) {
        await driver.append({ stream, drafts: drafts(1), producer: { producerId, producerSeq: 1 } })
      }
    }
    expect((await driver.producer('a', 'q'))?.head.offset).toBe(2)
    expect((await driver.producer('b', 'p'))?.head.offset).toBe(1)
    expect(await driver.producer('b', 'none')).toBeUndefined()
    await expect(driver.producer('none', 'p')).rejects.toMatchObject({ code: 'not_found' })
  },

  'L7 a repeat is known however many producers came after the first': async (driver) => {
    await startSession(driver, 'a')
    const send = (id: number) => {
      const producer = { producerId: `p${String(id)}`, producerSeq: 1 }
      return driver.append({ stream: 'a', drafts: drafts(1), producer })
    }
    for (let id = 0; id < 100; id += 1) await send(id)
    for (let id = 0; id < 100; id += 1) {
      expect(await send(id)).toMatchObject({ events: [], head: { offset: id + 1 }, repeated: true })
    }
    expect((await readAll(driver, 'a')).length).toBe(100)
  },

  'L6 the repeat of a terminal append is answered though its run has ended': async (driver) => {
    await startSession(driver, 'a')
    await driver.append({ stream: 'a', drafts: [], enqueue: runRecord('a', 'r') })
    const lease = await driver.leases.claim({ owner: 'w', now: 0, ttlMs: 100 })
    const last = {
      stream: 'a',
      drafts: drafts(1),
      producer: { producerId: 'p', producerSeq: 1 },
      fence: { runId: 'r', fence: lease?.fence ?? 0 },
      endRun: 'r',
    }
    const { head } = await driver.append(last)
    expect(await driver.append(last)).toEqual({ events: [], head, repeated: true })
  },
}
