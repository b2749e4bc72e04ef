import type { LeaseClaim, LogDriver, RunLease } from '../../log-driver.ts'
import { isOver } from '../rules/run-table.ts'
import { requireDone, type RedisContext } from './context.ts'
import { FORGET_MS, NOTED_MS } from './indexes.ts'
import type { ScriptReply } from './shard.ts'
import { toLease } from './records.ts'
import { CORRECT, DUE, ENDED, LOWER, PASS, PICK, TAKEN, TO_FRONT } from './scripts/queue.ts'
import { ACTIVE_RUNS, CLAIM, GET_RUN, LEASED, RELEASE, RENEW } from './scripts/runs.ts'

/** Sessions that one claim looks at before it gives up: whoever asks comes again. */
const MAX_TRIES = 64

/** Sessions that are looked at together for leases that have ended. */
const BATCH = 100

/** Values of one run in an answer. */
const WIDTH = 6

/** The runs of a Redis driver. */
export function createRedisLeases(context: RedisContext): LogDriver['leases'] {
  const { link, keys, ask } = context
  const queue = [keys.queue.runs, keys.queue.last, keys.queue.leases]

  /** The lease that a script answered with, `undefined` when there is none or no session. */
  const leaseOf = ([word, ...values]: ScriptReply): RunLease | undefined =>
    word === 'ok' && values.length >= WIDTH ? toLease(values) : undefined

  /** Asks one session for its run; `undefined` when it has none to give. */
  const claimOf = async (picked: ScriptReply, claim: LeaseClaim): Promise<RunLease | undefined> => {
    const [, session = '', run = '', time] = picked
    const mark = String(claim.now + claim.ttlMs)
    const notAfter = String(Number(time) + NOTED_MS)
    const reply = await ask(CLAIM, session ?? '', [claim.owner, mark, notAfter])
    const lease = leaseOf(reply)
    if (lease !== undefined) {
      await link.run(TAKEN, queue, [`${session ?? ''} ${lease.run.runId}`, session ?? '', mark])
      return lease
    }
    if (reply[0] === 'busy') await link.run(CORRECT, queue, [session ?? '', mark, reply[1] ?? '0'])
    else {
      const member = `${session ?? ''} ${run ?? ''}`
      await link.run(PASS, queue, [member, session ?? '', mark, String(FORGET_MS * 1_000)])
    }
    return undefined
  }

  /** The leased run of a session that seemed to be over; what was noted of it is corrected. */
  const overdue = async (
    session: string,
    noted: string,
    query: Parameters<LogDriver['leases']['expired']>[0],
  ): Promise<RunLease | undefined> => {
    const lease = leaseOf(await ask(LEASED, session))
    if (lease !== undefined && isOver(lease, query.now, query.ownerPrefix)) return lease
    // A mark stands for a claim under way, which may still come for a while.
    const isMark = Number(noted) > query.now - FORGET_MS && Number(noted) >= 0
    if (lease === undefined && isMark) return undefined
    await link.run(CORRECT, queue, [session, noted, lease === undefined ? 'free' : String(lease.expiresAt)])
    return undefined
  }

  return {
    get: async (stream, runId) => leaseOf(await ask(GET_RUN, stream, [runId])),
    async active(stream) {
      const [word, ...values] = await ask(ACTIVE_RUNS, stream)
      if (word !== 'ok') return []
      const count = values.length / WIDTH
      return Array.from({ length: count }, (_, at) => toLease(values.slice(at * WIDTH, (at + 1) * WIDTH)))
    },
    async claim(claim) {
      const passed: string[] = []
      while (passed.length < MAX_TRIES) {
        const picked = await link.run(PICK, queue, [
          String(claim.now),
          String(claim.now + claim.ttlMs),
          ...passed,
        ])
        if (picked[0] !== 'ok') return undefined
        const lease = await claimOf(picked, claim)
        if (lease !== undefined) return lease
        passed.push(picked[1] ?? '')
      }
      return undefined
    },
    async renew({ stream, runId, fence }, { now, ttlMs }) {
      const ends = String(now + ttlMs)
      const reply = await ask(RENEW, stream, [runId, String(fence), ends])
      const lease = leaseOf(reply) ?? refused(reply)
      await link.run(LOWER, queue, [stream, ends])
      return lease
    },
    async release({ stream, runId, fence }) {
      // In front of the queue first: behind the release nobody might come to put it there.
      await link.run(TO_FRONT, queue, [`${stream} ${runId}`])
      const reply = await ask(RELEASE, stream, [runId, String(fence)])
      if (reply[0] !== 'ok') refused(reply)
      await link.run(ENDED, queue, [stream])
    },
    async expired(query) {
      const last = query.ownerPrefix === undefined ? String(query.now) : '+inf'
      const found: RunLease[] = []
      for (let from = 0; found.length < query.limit; from += BATCH) {
        const [, ...due] = await link.run(DUE, queue, [last, String(from), String(BATCH)])
        const looks: Promise<RunLease | undefined>[] = []
        for (let at = 0; at + 1 < due.length; at += 2) {
          looks.push(overdue(due[at] ?? '', due[at + 1] ?? '', query))
        }
        for (const lease of await Promise.all(looks)) if (lease !== undefined) found.push(lease)
        if (looks.length < BATCH) break
      }
      return found.slice(0, query.limit)
    },
  }
}

/** @throws what a script refused a lease with; a session that is gone has no runs */
function refused(reply: ScriptReply): never {
  const isGone = reply[0] === 'none' || reply[0] === 'gone'
  requireDone(isGone ? ['conflict', 'no-run'] : reply)
  throw new Error('A script refused nothing and answered nothing.')
}
