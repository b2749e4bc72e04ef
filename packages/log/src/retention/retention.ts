import { StreamError } from '@throughline/protocol'
import type { EventLog } from '../event-log.ts'
import { boundedMap, type BoundedMap } from './bounded-map.ts'
import { createRoster, isInternal, type RosterEntry } from './roster.ts'
import { visitStream, type Progress } from './visit.ts'
import type { RetentionLimits, RetentionWork } from './work.ts'

export type { RetentionLimits } from './work.ts'

export interface RetentionOptions extends Partial<RetentionLimits> {
  readonly log: EventLog
  /** Default `Date.now`. */
  readonly now?: () => number
  /** Default: the system's. */
  readonly timers?: { schedule(run: () => void, delayMs: number): () => void }
  /** Between two laps over the streams that have work to do. Default: half of `compactAfterMs`, 1 s to 60 s. */
  readonly sweepMs?: number
  /** After each page read, so that others go first. Default 10. */
  readonly pauseMs?: number
  /** Called with what failed; the stream is looked at again in the next lap. */
  readonly onError?: (error: unknown, context: string) => void
}

/** Compaction and trimming of a log's streams, in the background. PROTOCOL.md §9. */
export interface Retention {
  /** Finds what a former process left to do, then looks regularly. */
  start(): Promise<void>
  /** One lap, now; laps never overlap. Resolves when it is through, rejects never. */
  sweep(): Promise<void>
  /** Ends after the step under way. */
  close(): Promise<void>
}

const TEN_MINUTES_MS = 600_000
/** Streams whose names, and whose progress, are held; what is forgotten is found again, at the cost of a look. */
const MAX_STREAMS = 20_000

/**
 * The one owner of removals in a log. It hears of streams by hints and keeps the names of those with work to do in
 * the log; a stream leaves that list when nothing in it can become due. A crash forgets those that it heard of since
 * the last lap, until they grow again. Nothing is removed that a running message, an open run or a join needs.
 *
 * Defaults: chunks go 10 minutes after their message was completed; nothing is trimmed.
 */
export function createRetention(options: RetentionOptions): Retention {
  const { log, now = Date.now, timers = systemTimers, pauseMs = 10, onError = () => undefined } = options
  const { compactAfterMs = TEN_MINUTES_MS, retainMs = 0, retainEvents = 0, retainBytes = 0 } = options
  const { sweepMs = Math.min(60_000, Math.max(1_000, compactAfterMs / 2)) } = options
  const closing = new AbortController()
  const roster = createRoster(log, now)
  const progress = boundedMap<Progress>(MAX_STREAMS)
  const listed = boundedMap<true>(MAX_STREAMS)
  let grown = boundedMap<true>(MAX_STREAMS)
  let running: Promise<void> | undefined
  let cancel: (() => void) | undefined
  let wake: () => void = () => undefined

  const work: RetentionWork = {
    driver: log.driver,
    now,
    limits: { compactAfterMs, retainMs, retainEvents, retainBytes },
    replaced(stream) {
      log.publish({ kind: 'closed', stream })
    },
    async pause() {
      await new Promise<void>((resolve) => {
        const stop = timers.schedule(resolve, pauseMs)
        wake = () => {
          stop()
          resolve()
        }
      })
      closing.signal.throwIfAborted()
    },
  }

  const stopHints = log.onHint((hint) => {
    if (hint.kind === 'grew' && !isInternal(hint.stream)) grown.set(hint.stream, true)
    else if (hint.kind === 'closed') progress.delete(hint.stream)
  })

  /** When it is to be looked at again; `Infinity` when it has to grow first. */
  const visit = async (stream: string): Promise<number> => {
    try {
      const next = await visitStream(work, stream, progress.get(stream))
      progress.set(stream, next)
      return next.dueAt
    } catch (error) {
      progress.delete(stream)
      if (closing.signal.aborted) throw error
      if (isGone(error)) return Infinity
      // A new life of the stream, or somebody else trimmed it: the next lap begins at its beginning.
      if (!(error instanceof StreamError && error.code === 'cursor_expired'))
        onError(error, `tidying ${stream}`)
      return 0
    }
  }

  /**
   * When to look at a stream again; 0: in this lap. Once in `compactAfterMs` is enough: what it showed last time is due
   * by then, and each event is read about twice, however often the laps come.
   */
  const whenDue = (known: Progress | undefined, hasGrown: boolean): number => {
    if (known === undefined || known.dueAt === 0) return 0
    const soonest = known.lookedAt + compactAfterMs
    return hasGrown ? soonest : Math.max(known.dueAt, soonest)
  }

  const remember = (stream: string, dueAt: number): void => {
    const known = progress.get(stream)
    if (known !== undefined) progress.set(stream, { ...known, dueAt })
  }

  /** Writes down the streams that grew since it was last done, and answers them. */
  const list = async (): Promise<BoundedMap<true>> => {
    const changed = grown
    grown = boundedMap<true>(MAX_STREAMS)
    const unlisted = [...changed.keys()].filter((stream) => listed.get(stream) === undefined)
    await roster.add(unlisted)
    for (const stream of unlisted) listed.set(stream, true)
    return changed
  }

  const lap = async (): Promise<void> => {
    const changed = await list()
    const seen = boundedMap<true>(MAX_STREAMS)

    /** Whether the entry is needed no longer. */
    const settle = async ({ stream }: RosterEntry): Promise<boolean> => {
      if (seen.get(stream) !== undefined) return true
      seen.set(stream, true)
      listed.set(stream, true)
      let dueAt = whenDue(progress.get(stream), changed.get(stream) !== undefined)
      if (dueAt > now()) remember(stream, dueAt)
      else dueAt = await visit(stream)
      if (dueAt !== Infinity) return false
      // What grew meanwhile is listed anew.
      listed.delete(stream)
      return true
    }

    await roster.walk(async (entries) => {
      const settled: number[] = []
      for (const entry of entries) {
        closing.signal.throwIfAborted()
        if (await settle(entry)) settled.push(entry.offset)
      }
      return settled
    })
  }

  const sweep = (): Promise<void> =>
    (running ??= lap()
      .catch((error: unknown) => {
        if (!closing.signal.aborted) onError(error, 'tidying the log')
      })
      .finally(() => {
        running = undefined
      }))

  const schedule = (): void => {
    if (closing.signal.aborted) return
    cancel = timers.schedule(() => {
      void sweep().then(schedule)
    }, sweepMs)
  }

  return {
    async start() {
      await roster.open()
      schedule()
    },
    sweep,
    async close() {
      closing.abort()
      stopHints()
      cancel?.()
      wake()
      await running
      await list().catch((error: unknown) => {
        onError(error, 'noting what is left to tidy')
      })
    },
  }
}

function isGone(error: unknown): boolean {
  return error instanceof StreamError && (error.code === 'not_found' || error.code === 'stream_closed')
}

const systemTimers: NonNullable<RetentionOptions['timers']> = {
  schedule(run, delayMs) {
    const timer = setTimeout(run, delayMs)
    return () => {
      clearTimeout(timer)
    }
  },
}
