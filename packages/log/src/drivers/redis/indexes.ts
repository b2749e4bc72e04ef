import type { AppendRequest } from '../../log-driver.ts'
import { requireDone, type RedisContext } from './context.ts'
import { ENDED, ENQUEUE, LOWER } from './scripts/queue.ts'
import { LIST, NOTE_DELETED, UNLIST } from './scripts/sessions.ts'

/** Runs that wait at one time, over all sessions; beyond, an enqueue is refused. */
const MAX_QUEUED = 100_000

/** A change that was noted must come within this time of the server's clock, or is refused. */
export const NOTED_MS = 30_000

/** What was noted and did not come is forgotten after this long. */
export const FORGET_MS = 2 * NOTED_MS

/** What an append did, for the indexes. */
export interface IndexChange {
  readonly userId: string
  /** Whether a lease ends earlier than before. */
  readonly wasLowered: boolean
}

/** Keeps the indexes of other slots beside the truth of a session. */
export interface Indexes {
  /**
   * Notes what must not be forgotten once it has happened: a queued run, a deletion, another owner. The time of the server after which
   * the change comes too late; `undefined` when it never does, at once when there is nothing to note.
   */
  before(
    request: Pick<AppendRequest, 'stream' | 'enqueue' | 'session'>,
  ): Promise<number | undefined> | undefined
  /** Brings the rest up to date. Never rejects: it is found out and mended at the next use, too. */
  after(request: Omit<AppendRequest, 'drafts'>, change: IndexChange): Promise<void>
  /** A session was deleted for good. */
  gone(stream: string, userId: string, runs: readonly string[]): Promise<void>
}

export function createIndexes({ link, keys }: RedisContext): Indexes {
  const queue = [keys.queue.runs, keys.queue.last, keys.queue.leases]

  /** Runs what only saves a later look. */
  const quietly = async (...calls: readonly Promise<unknown>[]): Promise<void> => {
    await Promise.allSettled(calls)
  }

  return {
    before({ stream, enqueue, session }) {
      const notes: Promise<number | undefined>[] = []
      const note = async (reply: ReturnType<typeof link.run>): Promise<number> => {
        const done = await reply
        requireDone(done)
        return Number(done[1]) + NOTED_MS
      }
      if (enqueue !== undefined) {
        notes.push(note(link.run(ENQUEUE, queue, [`${stream} ${enqueue.runId}`, String(MAX_QUEUED)])))
      }
      if (session?.deletedAt !== undefined && session.deletedAt !== null) {
        const index = [keys.deleted.sessions, keys.deleted.notedAt]
        notes.push(note(link.run(NOTE_DELETED, index, [stream, String(session.deletedAt)])))
      }
      if (session?.userId !== undefined) {
        const score = listScore(session.updatedAt ?? 0)
        notes.push(link.run(LIST, [keys.sessionsOf(session.userId)], [stream, score]).then(() => undefined))
      }
      return notes.length === 0 ? undefined : Promise.all(notes).then(earliest)
    },
    async after({ stream, endRun, fence, session }, { userId, wasLowered }) {
      const calls: Promise<unknown>[] = []
      if (endRun !== undefined) calls.push(link.run(ENDED, queue, [stream, endRun]))
      if (wasLowered && fence?.renew !== undefined) {
        calls.push(link.run(LOWER, queue, [stream, String(fence.renew.now + fence.renew.ttlMs)]))
      }
      if (session?.updatedAt !== undefined) {
        calls.push(link.run(LIST, [keys.sessionsOf(userId)], [stream, listScore(session.updatedAt)]))
      }
      if (calls.length > 0) await quietly(...calls)
    },
    gone: (stream, userId, runs) =>
      quietly(
        link.run(ENDED, queue, [stream, ...runs]),
        link.run(UNLIST, [keys.sessionsOf(userId)], [stream]),
        link.run(UNLIST, [keys.deleted.sessions], [stream]),
      ),
  }
}

function earliest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined)
  return known.length === 0 ? undefined : Math.min(...known)
}

/** Newest first, and by id where times are equal: the order of a sorted set with the time negated. */
export function listScore(updatedAt: number): string {
  return String(-updatedAt)
}
