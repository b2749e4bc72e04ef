import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { runRecord } from '../../testing/records.ts'
import { claimedLease, endedLease, queuedLease, releasedLease } from './leases.ts'
import { RunTable } from './run-table.ts'

/** The queue as a plain list, searched from the front. */
interface Listed {
  readonly stream: string
  readonly runId: string
  leased: boolean
}

const command = fc.record({
  kind: fc.constantFrom('enqueue', 'enqueue', 'claim', 'claim', 'release', 'end'),
  stream: fc.constantFrom('a', 'b', 'c'),
  pick: fc.nat(20),
})

describe('run table', () => {
  test('claims as a list searched from the front would, released runs in front', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 120 }), (commands) => {
        const table = new RunTable()
        let list: Listed[] = []
        for (const [at, { kind, stream, pick }] of commands.entries()) {
          if (kind === 'enqueue') {
            const runId = `r${String(at)}`
            table.settle(table.add(queuedLease(runRecord(stream, runId))).lease)
            list.push({ stream, runId, leased: false })
          } else if (kind === 'claim') {
            const busy = new Set(list.filter((run) => run.leased).map((run) => run.stream))
            const expected = list.find((run) => !run.leased && !busy.has(run.stream))
            const entry = table.next()
            expect(entry?.lease.run.runId).toBe(expected?.runId)
            if (entry === undefined || expected === undefined) continue
            table.change(entry, claimedLease(entry.lease, { owner: 'w', now: 0, ttlMs: 1 }))
            table.settle(entry.lease)
            expected.leased = true
          } else {
            const candidates = kind === 'release' ? list.filter((run) => run.leased) : list
            const chosen = candidates[pick % Math.max(1, candidates.length)]
            const entry = chosen && table.get(chosen.stream, chosen.runId)
            if (chosen === undefined || entry === undefined) continue
            table.change(entry, kind === 'release' ? releasedLease(entry.lease) : endedLease(entry.lease))
            table.settle(entry.lease)
            list = list.filter((run) => run !== chosen)
            if (kind === 'release') list.unshift({ ...chosen, leased: false })
          }
        }
        for (const stream of ['a', 'b', 'c']) {
          const expected = list.filter((run) => run.stream === stream).map((run) => run.runId)
          expect(table.of(stream).map((entry) => entry.lease.run.runId)).toEqual(expected)
        }
      }),
    )
  })

  test('runs cancelled before anybody claims them do not pile up', () => {
    const table = new RunTable()
    for (let at = 0; at < 20_000; at += 1) {
      const entry = table.add(queuedLease(runRecord('a', `r${String(at)}`)))
      table.change(entry, endedLease(entry.lease))
      table.settle(entry.lease)
    }
    expect(table.queueLength).toBeLessThan(5_000)
    expect(table.next()).toBeUndefined()
  })

  test('a run that is written only later is shown only then', () => {
    const table = new RunTable()
    const entry = table.add(queuedLease(runRecord('a', 'r')))
    expect(entry.written).toBeUndefined()
    const queued = entry.lease
    table.change(entry, claimedLease(queued, { owner: 'w', now: 0, ttlMs: 1 }))
    table.settle(queued)
    expect([entry.written?.phase, entry.lease.phase]).toEqual(['queued', 'leased'])
  })
})
