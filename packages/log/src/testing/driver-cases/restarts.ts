import { expect } from 'vitest'
import { drafts, offsetsOf, readAll, runRecord, sessionRecord, startSession } from '../records.ts'
import type { RestartCases } from './case.ts'

export const restartCases: RestartCases = {
  'R10 an append that was acknowledged just before dispose is there': async (first, reopen) => {
    await startSession(first, 'a')
    const { head, events } = await first.append({ stream: 'a', drafts: drafts(3) })
    await first.dispose()
    const second = await reopen()
    expect(await second.head('a')).toEqual(head)
    expect(await readAll(second, 'a')).toEqual(events)
    await second.dispose()
  },

  'R10 appends that were under way at dispose are acknowledged and there, or refused and not': async (
    first,
    reopen,
  ) => {
    await startSession(first, 'a')
    const appends = Array.from({ length: 200 }, (_, at) =>
      first.append({ stream: 'a', drafts: drafts(1, `${String(at)}.`) }),
    )
    const settled = Promise.allSettled(appends)
    await first.dispose()
    const accepted = (await settled).flatMap((result) =>
      result.status === 'fulfilled' ? result.value.events : [],
    )
    const second = await reopen()
    expect(await readAll(second, 'a')).toEqual(accepted)
    await second.dispose()
  },

  'everything that belongs to a session is there again': async (first, reopen) => {
    await startSession(first, 'a', 8)
    await startSession(first, 'gone', 3)
    await first.compact('a', [2, 3, 6])
    await first.trim('a', 2)
    await first.append({
      stream: 'a',
      drafts: drafts(1),
      producer: { producerId: 'p', producerSeq: 1 },
      session: { title: 'Kept', updatedAt: 9_000 },
    })
    for (const runId of ['r1', 'r2', 'r3']) {
      await first.append({ stream: 'a', drafts: [], enqueue: runRecord('a', runId) })
    }
    await first.append({ stream: 'a', drafts: [], endRun: 'r1' })
    const lease = await first.leases.claim({ owner: 'w', now: 5, ttlMs: 100 })
    await first.saveSnapshot('a', { position: await first.head('a'), reducerVersion: 1, state: '{"x":1}' })
    await first.delete('gone')
    const before = {
      events: await readAll(first, 'a'),
      head: await first.head('a'),
      producer: await first.producer('a', 'p'),
      session: await first.sessions.get('a'),
      active: await first.leases.active('a'),
      snapshot: await first.loadSnapshot('a'),
    }
    await first.dispose()

    const second = await reopen()
    expect({
      events: await readAll(second, 'a'),
      head: await second.head('a'),
      producer: await second.producer('a', 'p'),
      session: await second.sessions.get('a'),
      active: await second.leases.active('a'),
      snapshot: await second.loadSnapshot('a'),
    }).toEqual(before)
    expect(before.active.map((active) => active.run.runId)).toEqual(['r2', 'r3'])
    expect((await second.leases.get('a', 'r1'))?.phase).toBe('ended')
    expect(await second.leases.claim({ owner: 'x', now: 6, ttlMs: 100 })).toBeUndefined()
    await second.append({
      stream: 'a',
      drafts: drafts(1),
      fence: { runId: 'r2', fence: lease?.fence ?? 0 },
      endRun: 'r2',
    })
    expect((await second.leases.claim({ owner: 'x', now: 6, ttlMs: 100 }))?.run.runId).toBe('r3')
    expect(await second.sessions.tombstone('gone')).toEqual({ userId: 'ada' })
    await expect(second.head('gone')).rejects.toMatchObject({ code: 'stream_closed' })
    await expect(second.sessions.create(sessionRecord('gone'))).rejects.toMatchObject({
      code: 'stream_closed',
    })
    await expect(second.read('a', { ...before.head, offset: 0 })).rejects.toMatchObject({ reason: 'trimmed' })
    await second.dispose()
  },

  'the queue keeps its order, released ones in front': async (first, reopen) => {
    for (const id of ['a', 'b', 'c', 'd']) {
      await startSession(first, id)
      await first.append({ stream: id, drafts: [], enqueue: runRecord(id, `r-${id}`) })
    }
    const claim = { owner: 'w', now: 0, ttlMs: 100 }
    await first.leases.claim(claim)
    const second = await first.leases.claim(claim)
    await first.leases.release({ stream: 'b', runId: 'r-b', fence: second?.fence ?? 0 })
    await first.dispose()
    const again = await reopen()
    const order = [
      await again.leases.claim(claim),
      await again.leases.claim(claim),
      await again.leases.claim(claim),
    ]
    expect(order.map((lease) => lease?.run.runId)).toEqual(['r-b', 'r-c', 'r-d'])
    expect(order[0]?.fence).toBe(2)
    await again.dispose()
  },

  'R9 offsets go on where they were': async (first, reopen) => {
    await startSession(first, 'a', 5)
    await first.dispose()
    const second = await reopen()
    expect((await second.append({ stream: 'a', drafts: drafts(1) })).head.offset).toBe(6)
    expect(await offsetsOf(second, 'a')).toEqual([1, 2, 3, 4, 5, 6])
    await second.dispose()
  },

  'after dispose everything is refused, and dispose again is nothing': async (first) => {
    await startSession(first, 'a', 1)
    await first.dispose()
    await first.dispose()
    await expect(first.append({ stream: 'a', drafts: drafts(1) })).rejects.toMatchObject({
      code: 'server_error',
    })
    await expect(first.read('a', 'start')).rejects.toMatchObject({ code: 'server_error' })
    await expect(first.healthy()).rejects.toMatchObject({ code: 'server_error' })
  },
}
