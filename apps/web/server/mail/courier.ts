import { systemTimers, type Audit, type AuditReason, type Timers } from '@throughline/server'
import type { Letter, Letters } from './letters.ts'
import type { Mail, Mailer } from './mailer.ts'

/** A letter as it is to be sent now. */
export interface WrittenLetter {
  readonly mail: Mail
  readonly reason: AuditReason
  /** Whose account it is about, where there is one. */
  readonly userId: string | undefined
  /** Whether it has a link that waits to be used. */
  readonly waits: boolean
}

export interface CourierOptions {
  readonly letters: Letters
  readonly mailer: Mailer
  /** What a letter says is found out when it is sent, and not when it is asked for. */
  readonly write: (letter: Letter) => Promise<WrittenLetter>
  readonly audit: Audit
  readonly onError: (error: unknown, context: string) => void
  readonly now?: () => number
  readonly timers?: Timers
  /** Waits between tries, ms; the last one again and again. Default 15 s, 1, 5, 15 and 30 minutes. */
  readonly retryAfterMs?: readonly number[]
  /** What another node left behind is found within this long. Default 15,000. */
  readonly pollMs?: number
}

/** Sends what was asked for, off the path of every answer. */
export interface Courier {
  /** Goes on with what a former process left. */
  start(): void
  /** There is something to send. Returns at once. */
  poke(): void
  /** Lets what is being sent end, within seconds. */
  close(): Promise<void>
}

/** A letter that could not be sent for this long is given up. */
const GIVE_UP_AFTER_MS = 24 * 3_600_000
const SEND_WITHIN_MS = 60_000
/** Longer than sending takes: nobody else sends the same meanwhile. */
const LEASE_MS = 5 * 60_000
const LEAVE_WITHIN_MS = 2_000
const RETRY_AFTER_MS = [15_000, 60_000, 300_000, 900_000, 1_800_000]

export function createCourier(options: CourierOptions): Courier {
  const { letters, mailer, write, audit, onError } = options
  const { now = Date.now, timers = systemTimers, retryAfterMs = RETRY_AFTER_MS, pollMs = 15_000 } = options
  const closing = new AbortController()
  let cancel: (() => void) | undefined
  let round: Promise<void> | undefined
  let nextMs = pollMs
  let closed = false

  const deliver = async (letter: Letter): Promise<void> => {
    const { mail, reason, userId, waits } = await write(letter)
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(SEND_WITHIN_MS)])
    const failure = await mailer.send(mail, signal)
    const about = { domain: domainOf(letter.email), ...(userId !== undefined && { userId }) }
    if (failure === undefined) {
      await letters.settle(letter.id, waits ? 'waits' : 'gone')
      audit.record({ event: 'mail_sent', reason, ...about })
      return
    }
    const { status } = failure
    const record = { event: 'mail_failed', ...about, ...(status !== undefined && { status }) } as const
    if (failure.reason === 'mail_refused') {
      await letters.settle(letter.id, 'gone')
      audit.record({ ...record, reason: 'mail_refused' })
      return
    }
    const wait = retryAfterMs[Math.min(letter.tries, retryAfterMs.length) - 1] ?? 0
    // Stopped in the middle: the next process need not wait.
    const dueAt = closing.signal.aborted ? now() : now() + wait
    const givenUp = dueAt > letter.createdAt + GIVE_UP_AFTER_MS
    if (givenUp) await letters.settle(letter.id, 'gone')
    else await letters.postpone(letter.id, dueAt)
    audit.record({ ...record, reason: givenUp ? 'mail_given_up' : 'mail_server' })
  }

  const sendAll = async (): Promise<void> => {
    await letters.sweep()
    while (!closed) {
      const claimed = await letters.claim(LEASE_MS)
      if (claimed.length === 0) break
      const done = await Promise.allSettled(claimed.map(deliver))
      // Its lease ends, and it is tried again.
      for (const one of done) if (one.status === 'rejected') onError(one.reason, 'sending a mail')
    }
    // Also of one that another node could not send.
    const dueAt = await letters.nextDue()
    if (dueAt !== undefined) nextMs = Math.min(nextMs, Math.max(0, dueAt - now()))
  }

  const run = (): void => {
    cancel = undefined
    nextMs = pollMs
    round = sendAll()
      .catch((error: unknown) => {
        onError(error, 'looking for mails to send')
      })
      .then(() => {
        round = undefined
        schedule(nextMs)
      })
  }

  const schedule = (afterMs: number): void => {
    cancel?.()
    if (!closed) cancel = timers.schedule(run, afterMs)
  }

  return {
    start: () => {
      schedule(0)
    },
    poke() {
      nextMs = 0
      if (round === undefined) schedule(0)
    },
    async close() {
      closed = true
      cancel?.()
      const leave = timers.schedule(() => {
        closing.abort()
      }, LEAVE_WITHIN_MS)
      await round
      leave()
    },
  }
}

function domainOf(email: string): string {
  return email.slice(email.lastIndexOf('@') + 1)
}
