import { expect } from 'vitest'
import { drafts, offsetsOf, readAll, runRecord, sessionRecord, startSession } from '../records.ts'
import type { DriverCases } from './case.ts'

export const appendCases: DriverCases = {
  'R9 offsets are 1, 2, 3 … and the head is the last one': async (driver) => {
    await startSession(driver, 'a')
    const empty = await driver.head('a')
    expect(empty.offset).toBe(0)
    expect(empty.epoch).toMatch(/^[a-z0-9]{8,12}$/)

    const first = await driver.append({ stream: 'a', drafts: drafts(2, 'one') })
    expect(first.repeated).toBe(false)
    expect(first.events.map((event) => event.offset)).toEqual([1, 2])
    expect(first.head).toEqual({ epoch: empty.epoch, offset: 2 })

    const second = await driver.append({ stream: 'a', drafts: drafts(1, 'two') })
    expect(second.events).toEqual([{ offset: 3, ...drafts(1, 'two')[0] }])
    expect(await driver.head('a')).toEqual({ epoch: empty.epoch, offset: 3 })
  },

  'every stream has an epoch of its own': async (driver) => {
    await startSession(driver, 'a')
    await startSession(driver, 'b')
    expect((await driver.head('a')).epoch).not.toBe((await driver.head('b')).epoch)
  },

  'bodies come back as they were given': async (driver) => {
    await startSession(driver, 'a')
    const bodies = [
      '{}',
      '{"data":"é \u{1f600} \u2028 \\u0000 ; \\ud800"}',
      JSON.stringify({ data: 'x'.repeat(300_000) }),
    ]
    await driver.append({ stream: 'a', drafts: bodies.map((body) => ({ type: 'custom_type_1', body })) })
    const events = await readAll(driver, 'a')
    expect(events).toEqual(bodies.map((body, at) => ({ offset: at + 1, type: 'custom_type_1', body })))
  },

  'streams whose names begin alike stay apart': async (driver) => {
    for (const name of ['a', 'a-', 'a-b', 'aa', 'A', 'a0', '_', '-']) {
      await startSession(driver, name)
      await driver.append({ stream: name, drafts: [{ type: 'named', body: `{"data":"${name}"}` }] })
    }
    for (const name of ['a', 'a-', 'a-b', 'aa', 'A', 'a0', '_', '-']) {
      expect((await readAll(driver, name)).map((event) => event.body)).toEqual([`{"data":"${name}"}`])
    }
  },

  'a stream that was never created is not_found': async (driver) => {
    await expect(driver.append({ stream: 'none', drafts: drafts(1) })).rejects.toMatchObject({
      code: 'not_found',
    })
    await expect(driver.read('none', 'start')).rejects.toMatchObject({ code: 'not_found' })
    await expect(driver.head('none')).rejects.toMatchObject({ code: 'not_found' })
  },

  'an append without drafts changes only records': async (driver) => {
    await startSession(driver, 'a', 1)
    const { events, head } = await driver.append({
      stream: 'a',
      drafts: [],
      session: { title: 'Named', updatedAt: 2_000 },
    })
    expect(events).toEqual([])
    expect(head.offset).toBe(1)
    expect(await driver.sessions.get('a')).toEqual(sessionRecord('a', { title: 'Named', updatedAt: 2_000 }))
  },

  'a refused append changes nothing at all': async (driver) => {
    await startSession(driver, 'a', 3)
    await driver.append({ stream: 'a', drafts: [], enqueue: runRecord('a', 'r1') })
    const before = await driver.sessions.get('a')
    const attempt = {
      stream: 'a',
      drafts: drafts(2, 'lost'),
      producer: { producerId: 'p', producerSeq: 1 },
      enqueue: runRecord('a', 'r2'),
      session: { title: 'Lost' },
    }
    await expect(driver.append({ ...attempt, endRun: 'never' })).rejects.toMatchObject({ code: 'conflict' })
    await expect(
      driver.append({ ...attempt, fence: { runId: 'r1', fence: 9, renew: { now: 0, ttlMs: 1 } } }),
    ).rejects.toMatchObject({ code: 'conflict' })
    await expect(driver.append({ ...attempt, enqueue: runRecord('a', 'r1') })).rejects.toMatchObject({
      code: 'conflict',
    })
    await expect(
      driver.append({ ...attempt, producer: { producerId: 'p', producerSeq: 2 } }),
    ).rejects.toMatchObject({ code: 'conflict' })

    expect(await offsetsOf(driver, 'a')).toEqual([1, 2, 3])
    expect(await driver.producer('a', 'p')).toBeUndefined()
    expect(await driver.leases.get('a', 'r2')).toBeUndefined()
    expect((await driver.leases.active('a')).map((lease) => lease.run.runId)).toEqual(['r1'])
    expect(await driver.sessions.get('a')).toEqual(before)
    expect((await driver.append({ stream: 'a', drafts: drafts(1) })).head.offset).toBe(4)
  },

  'one append changes events, producer, runs and session together': async (driver) => {
    await startSession(driver, 'a')
    await driver.append({ stream: 'a', drafts: [], enqueue: runRecord('a', 'r1') })
    const lease = await driver.leases.claim({ owner: 'w', now: 0, ttlMs: 100 })
    const { head } = await driver.append({
      stream: 'a',
      drafts: drafts(2),
      producer: { producerId: 'p', producerSeq: 1 },
      fence: { runId: 'r1', fence: lease?.fence ?? 0 },
      endRun: 'r1',
      enqueue: runRecord('a', 'r2'),
      session: { title: 'All' },
    })
    expect(head.offset).toBe(2)
    expect(await driver.producer('a', 'p')).toEqual({ producerSeq: 1, head })
    expect((await driver.leases.get('a', 'r1'))?.phase).toBe('ended')
    expect((await driver.leases.get('a', 'r2'))?.phase).toBe('queued')
    expect((await driver.sessions.get('a'))?.title).toBe('All')
  },

  'a thousand concurrent appends to one stream are contiguous, each in one piece': async (driver) => {
    await startSession(driver, 'a')
    const appended = await Promise.all(
      Array.from({ length: 1_000 }, (_, at) =>
        driver.append({ stream: 'a', drafts: drafts(1 + (at % 3), `${String(at)}.`) }),
      ),
    )
    const events = await readAll(driver, 'a')
    expect(events.map((event) => event.offset)).toEqual(events.map((_, at) => at + 1))
    for (const { events: own, head } of appended) {
      const first = own[0]?.offset ?? 0
      expect(events.slice(first - 1, first - 1 + own.length)).toEqual(own)
      expect(head.offset).toBe(first - 1 + own.length)
    }
    expect(events.length).toBe(appended.reduce((sum, { events: own }) => sum + own.length, 0))
  },

  'appends of one caller keep their order, whatever each of them needs to look up': async (driver) => {
    await startSession(driver, 'a')
    await Promise.all(
      Array.from({ length: 60 }, (_, at) =>
        driver.append({
          stream: 'a',
          drafts: [{ type: 'counted', body: `{"data":${String(at)}}` }],
          ...(at % 2 === 0 && { producer: { producerId: `p${String(at)}`, producerSeq: 1 } }),
          ...(at % 3 === 0 && { enqueue: runRecord('a', `r${String(at)}`) }),
        }),
      ),
    )
    const bodies = (await readAll(driver, 'a')).map((event) => event.body)
    expect(bodies).toEqual(Array.from({ length: 60 }, (_, at) => `{"data":${String(at)}}`))
  },

  'what was acknowledged is there to read': async (driver) => {
    await Promise.all(
      Array.from({ length: 50 }, async (_, at) => {
        const stream = `s${String(at % 5)}`
        await driver.sessions.create(sessionRecord(stream))
        const { head, events } = await driver.append({ stream, drafts: drafts(2, String(at)) })
        expect((await driver.head(stream)).offset).toBeGreaterThanOrEqual(head.offset)
        const page = await driver.read(
          stream,
          { epoch: head.epoch, offset: head.offset - 2 },
          { maxEvents: 2 },
        )
        expect(page.events).toEqual(events)
      }),
    )
  },

  'names and types that cannot be stored are refused': async (driver) => {
    await startSession(driver, 'a')
    const refused = { code: 'invalid_request' }
    await expect(driver.sessions.create(sessionRecord('a b'))).rejects.toMatchObject(refused)
    await expect(driver.sessions.create(sessionRecord('x'.repeat(65)))).rejects.toMatchObject(refused)
    await expect(
      driver.append({ stream: 'a', drafts: [{ type: 'a\nid: 1', body: '{}' }] }),
    ).rejects.toMatchObject(refused)
    await expect(
      driver.append({ stream: 'a', drafts: [], enqueue: runRecord('b', 'r') }),
    ).rejects.toMatchObject(refused)
    await expect(
      driver.append({ stream: 'a', drafts: [], producer: { producerId: 'p!', producerSeq: 1 } }),
    ).rejects.toMatchObject(refused)
  },
}
