import type { EventLog } from '@throughline/log'
import type { Hub } from '../hub/hub.ts'
import { systemTimers, type Timers } from '../hub/timers.ts'
import { createClaimer, type Claimer } from './claimer.ts'
import { createLocalPort } from './local-port.ts'
import { createOwnedWriter, type OwnedWriter } from './owned-writer.ts'
import { LOCAL_OWNER } from './reaper.ts'
import type { RunSource } from './run-source.ts'

export interface LocalRunSourceOptions {
  readonly log: EventLog
  readonly hub: Pick<Hub, 'state'>
  /** Life of a lease. Default 15,000. */
  readonly leaseMs?: number
  /** Default: one of its own. */
  readonly claimer?: Claimer
  readonly now?: () => number
  readonly timers?: Timers
  readonly random?: () => number
  readonly onError?: (error: unknown, context: string) => void
}

/** Runs for agents in this process. */
export interface LocalRunSource extends RunSource {
  /** Takes no more runs and waits up to `graceMs` for the owned ones to end. */
  finish(graceMs: number): Promise<void>
}

/** `close` gives up the runs still owned: unstarted ones go back to the queue, the others end as interrupted. */
export function createLocalRunSource(options: LocalRunSourceOptions): LocalRunSource {
  const { log, hub, now = Date.now, timers = systemTimers, onError = () => undefined } = options
  const claimer = options.claimer ?? createClaimer({ ...options })
  const owner = `${LOCAL_OWNER}${crypto.randomUUID()}`
  const closing = new AbortController()
  const owned = new Set<OwnedWriter>()

  return {
    async claim({ waitMs, signal }) {
      const either = AbortSignal.any([signal, closing.signal])
      const run = await claimer.claim({ owner, waitMs, signal: either })
      if (run === undefined) return undefined
      const writer = createOwnedWriter({
        ...options,
        timers,
        runId: run.runId,
        fence: run.fence,
        ttlMs: run.ttl,
        port: createLocalPort({ log, claimer, run, now, timers, onError }),
      })
      owned.add(writer)
      void writer.done.then(() => owned.delete(writer))
      try {
        return { ...run, writer, conversation: await hub.state(run.sessionId) }
      } catch (error) {
        await writer.abandon()
        throw error
      }
    },
    async finish(graceMs) {
      closing.abort()
      if (graceMs <= 0) return
      let cancel: () => void = () => undefined
      const late = new Promise<void>((resolve) => {
        cancel = timers.schedule(resolve, graceMs)
      })
      await Promise.race([late, Promise.all([...owned].map((writer) => writer.done))])
      cancel()
    },
    async close() {
      closing.abort()
      await Promise.all([...owned].map((writer) => writer.abandon()))
      if (options.claimer === undefined) claimer.close()
    },
  }
}
