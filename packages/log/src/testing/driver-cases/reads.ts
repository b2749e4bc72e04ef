import { expect } from 'vitest'
import { drafts, readAll, startSession } from '../records.ts'
import type { DriverCases } from './case.ts'

export const readCases: DriverCases = {
  'R2 a cursor at the beginning, within, and at the head': async (driver) => {
    await startSession(driver, 'a', 5)
    const head = await driver.head('a')
    for (const offset of [0, 1, 4, 5]) {
      const page = await driver.read('a', { epoch: head.epoch, offset })
      expect(page.events.map((event) => event.offset)).toEqual([1, 2, 3, 4, 5].slice(offset))
      expect(page.head).toEqual(head)
      expect(page.epoch).toBe(head.epoch)
    }
    expect((await driver.read('a', 'start')).events).toHaveLength(5)
  },

  'R2 a cursor ahead of the head resets, it does not wait': async (driver) => {
    await startSession(driver, 'a', 5)
    const head = await driver.head('a')
    await expect(driver.read('a', { ...head, offset: 6 })).rejects.toMatchObject({
      code: 'cursor_expired',
      reason: 'ahead',
      head,
    })
  },

  'R2 a cursor of another epoch or of another session resets': async (driver) => {
    await startSession(driver, 'a', 5)
    await startSession(driver, 'b', 5)
    const foreign = await driver.head('b')
    await expect(driver.read('a', foreign)).rejects.toMatchObject({ code: 'cursor_expired', reason: 'epoch' })
    // Before the read: one that is refused meanwhile would be nobody's.
    const head = await driver.head('a')
    await expect(driver.read('a', { epoch: 'zzzzzzzzzz', offset: 0 })).rejects.toMatchObject({
      reason: 'epoch',
      head,
    })
  },

  'R2 a trimmed cursor resets, the last one before the trim does not': async (driver) => {
    await startSession(driver, 'a', 10)
    const head = await driver.head('a')
    await driver.trim('a', 4)
    for (const offset of [0, 1, 2]) {
      await expect(driver.read('a', { ...head, offset })).rejects.toMatchObject({ reason: 'trimmed', head })
    }
    expect((await driver.read('a', { ...head, offset: 3 })).events.at(0)?.offset).toBe(4)
  },

  'R2 a compacted cursor goes on behind it': async (driver) => {
    await startSession(driver, 'a', 10)
    const head = await driver.head('a')
    await driver.compact('a', [3, 4, 5])
    for (const offset of [3, 4, 5]) {
      const page = await driver.read('a', { ...head, offset })
      expect(page.events.map((event) => [event.offset, event.prev])).toEqual([
        [6, 2],
        [7, undefined],
        [8, undefined],
        [9, undefined],
        [10, undefined],
      ])
    }
  },

  'a page ends after maxEvents and says where the head is': async (driver) => {
    await startSession(driver, 'a', 10)
    const page = await driver.read('a', 'start', { maxEvents: 3 })
    expect(page.events.map((event) => event.offset)).toEqual([1, 2, 3])
    expect(page.head.offset).toBe(10)
  },

  'a page ends before maxBytes, counted in UTF-8, and one event always fits': async (driver) => {
    await startSession(driver, 'a')
    const body = `{"data":"${'é'.repeat(50)}${'\u{1f600}'.repeat(10)}"}`
    const bytes = new TextEncoder().encode(body).length
    await driver.append({ stream: 'a', drafts: Array.from({ length: 10 }, () => ({ type: 'wide', body })) })
    const read = async (maxBytes: number): Promise<number> =>
      (await driver.read('a', 'start', { maxBytes })).events.length
    expect(await read(1)).toBe(1)
    expect(await read(2 * bytes - 1)).toBe(1)
    expect(await read(2 * bytes)).toBe(2)
    expect(await read(4 * bytes + 1)).toBe(4)
    expect(await read(100 * bytes)).toBe(10)
  },

  'the default page holds 1,000 events and 1 MiB': async (driver) => {
    await startSession(driver, 'a', 1_200)
    expect((await driver.read('a', 'start')).events).toHaveLength(1_000)
    await startSession(driver, 'b')
    await driver.append({ stream: 'b', drafts: drafts(12, 'x', 'y'.repeat(100_000)) })
    expect((await driver.read('b', 'start')).events).toHaveLength(10)
  },

  'a limit that lets nothing through is refused': async (driver) => {
    await startSession(driver, 'a', 1)
    await expect(driver.read('a', 'start', { maxEvents: 0 })).rejects.toMatchObject({
      code: 'invalid_request',
    })
    await expect(driver.read('a', 'start', { maxBytes: 0 })).rejects.toMatchObject({
      code: 'invalid_request',
    })
  },

  'R4 one cursor read by many at once gives each the same': async (driver) => {
    await startSession(driver, 'a', 200)
    const from = { ...(await driver.head('a')), offset: 50 }
    const pages = await Promise.all(Array.from({ length: 20 }, () => driver.read('a', from)))
    for (const page of pages) expect(page).toEqual(pages[0])
    expect(pages[0]?.events).toHaveLength(150)
  },

  'R8 a history beyond 10,000 is read in full by pages of any size': async (driver) => {
    await startSession(driver, 'a')
    for (let at = 0; at < 12; at += 1) {
      await driver.append({ stream: 'a', drafts: drafts(1_000, `${String(at)}.`) })
    }
    for (const pageSize of [997, 10_000]) {
      const events = await readAll(driver, 'a', pageSize)
      expect(events.length).toBe(12_000)
      expect(events.every((event, at) => event.offset === at + 1 && event.prev === undefined)).toBe(true)
      expect(events.at(-1)?.body).toBe(drafts(1_000, '11.').at(-1)?.body)
    }
  },

  'a page read while the stream grows is a run of consecutive events': async (driver) => {
    await startSession(driver, 'a', 10)
    const grow = async (): Promise<void> => {
      for (let at = 0; at < 40; at += 1) await driver.append({ stream: 'a', drafts: drafts(3) })
    }
    const look = async (): Promise<void> => {
      for (let at = 0; at < 40; at += 1) {
        const page = await driver.read('a', 'start')
        expect(page.events.map((event) => event.offset)).toEqual(page.events.map((_, index) => index + 1))
        expect(page.events.length).toBe(page.head.offset)
      }
    }
    await Promise.all([grow(), look(), look()])
  },
}
