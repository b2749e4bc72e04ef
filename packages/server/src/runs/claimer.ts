import { StreamError, formatCursor, type ClaimedRun } from '@throughline/protocol'
import type { EventLog, LeaseRef, RunLease } from '@throughline/log'
import { systemTimers, type Timers } from '../hub/timers.ts'
import { terminalDraft } from './terminal.ts'

export interface ClaimerOptions {
  readonly log: EventLog
  /** Life of a lease. Default 15,000. */
  readonly leaseMs?: number
  readonly now?: () => number
  readonly timers?: Timers
  /** A waiting claim looks again after this long without a hint. Default 2,000. */
  readonly pollMs?: number
}

export interface ClaimOptions {
  readonly owner: string
  readonly waitMs: number
  readonly signal: AbortSignal
}

/** Hands queued runs to whoever asks, each to one. */
export interface Claimer {
  /** Waits up to `waitMs` for a run and writes its `run_started`. `undefined` when none came or it was aborted. */
  claim(options: ClaimOptions): Promise<ClaimedRun | undefined>
  /** Puts a run back at the front of the queue. @throws StreamError `conflict` */
  release(ref: LeaseRef): Promise<void>
  close(): void
}

export const LEASE_MS = 15_000

export function createClaimer(options: ClaimerOptions): Claimer {
  const { log, leaseMs = LEASE_MS, now = Date.now, timers = systemTimers, pollMs = 2_000 } = options
  const { leases, sessions } = log.driver
  const waiting = new Set<() => void>()
  const claims = new Set<{ readonly owner: string; readonly leaving: AbortController }>()
  const stopHints = log.onHint((hint) => {
    if (hint.kind === 'queued') for (const wake of [...waiting]) wake()
  })

  const release = async (ref: LeaseRef): Promise<void> => {
    // Who gives a run back is leaving: a claim of its own that is still open would take it to where nobody is.
    const lease = await leases.get(ref.stream, ref.runId)
    for (const claim of claims) if (claim.owner === lease?.owner) claim.leaving.abort()
    await leases.release(ref)
    log.publish({ kind: 'queued' })
  }

  /** A sleep that is listened out of before the look that may make it needless. */
  const armWake = (signal: AbortSignal): { until: (ms: number) => Promise<void>; disarm: () => void } => {
    let wake = (): void => undefined
    const woken = new Promise<void>((resolve) => {
      wake = resolve
    })
    waiting.add(wake)
    signal.addEventListener('abort', wake)
    return {
      async until(ms) {
        const cancel = timers.schedule(wake, ms)
        await woken
        cancel()
      },
      disarm() {
        waiting.delete(wake)
        signal.removeEventListener('abort', wake)
      },
    }
  }

  /** Writes the claim to the log; `undefined` when the run was ended between the claim and its start. */
  const start = async ({ run, fence }: RunLease): Promise<ClaimedRun | undefined> => {
    const { sessionId, runId, userId, input } = run
    if ((await sessions.get(sessionId))?.deletedAt !== null) return await abandon(sessionId, runId)
    const data = { runId, attempt: fence, kind: input.kind }
    const proof = { runId, fence, renew: { now: now(), ttlMs: leaseMs } }
    try {
      const { head } = await log.append(sessionId, [{ type: 'run_started', runId, data }], { fence: proof })
      return { sessionId, userId, runId, fence, ttl: leaseMs, input, cursor: formatCursor(head) }
    } catch (error) {
      if (isOver(error)) return undefined
      throw error
    }
  }

  /** Ends a run whose session was deleted meanwhile. */
  const abandon = async (sessionId: string, runId: string): Promise<undefined> => {
    try {
      await log.append(sessionId, [terminalDraft({ runId, status: 'cancelled' })], { endRun: runId })
    } catch (error) {
      if (!isOver(error)) throw error
    }
    return undefined
  }

  const claimRun = async ({
    owner,
    deadline,
    signal,
  }: {
    readonly owner: string
    readonly deadline: number
    readonly signal: AbortSignal
  }): Promise<ClaimedRun | undefined> => {
    while (!signal.aborted) {
      const bell = armWake(signal)
      try {
        const lease = await leases.claim({ owner, now: now(), ttlMs: leaseMs })
        const claimed = lease && (await start(lease))
        if (claimed !== undefined) {
          if (!isAborted(signal)) return claimed
          // Whoever asked is gone: the next one need not wait for the lease to run out.
          await release({ stream: claimed.sessionId, runId: claimed.runId, fence: claimed.fence })
          return undefined
        }
        const leftMs = deadline - timers.monotonic()
        if (lease === undefined && leftMs <= 0) return undefined
        if (lease === undefined) await bell.until(Math.min(leftMs, pollMs))
      } finally {
        bell.disarm()
      }
    }
    return undefined
  }

  return {
    async claim({ owner, waitMs, signal: gone }) {
      const deadline = timers.monotonic() + waitMs
      const claim = { owner, leaving: new AbortController() }
      const signal = AbortSignal.any([gone, claim.leaving.signal])
      claims.add(claim)
      try {
        return await claimRun({ owner, deadline, signal })
      } finally {
        claims.delete(claim)
      }
    },
    release,
    close() {
      stopHints()
      for (const wake of waiting) wake()
    },
  }
}
/** Whether the run, or its whole session, has ended. */
function isOver(error: unknown): boolean {
  return error instanceof StreamError && ['conflict', 'stream_closed', 'not_found'].includes(error.code)
}

// Asked through a function because aborting happens behind the type checker's back.
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted
}
