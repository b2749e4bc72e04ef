import { formatCursor, type Draft, type Envelope, type Position } from '@throughline/protocol'
import type { Backplane, Hint } from './backplane.ts'
import { createLocalBackplane } from './backplanes/local.ts'
import type { AppendRequest, Appended, LogDriver, LogPage, ReadLimit } from './log-driver.ts'
import { createStamp } from './stamp.ts'
import { tail } from './tail.ts'

export type AppendOptions = Omit<AppendRequest, 'stream' | 'drafts'>

export interface EventLogOptions {
  readonly driver: LogDriver
  /** Default: hints within this process. */
  readonly backplane?: Backplane
  /** Server's clock. Default `Date.now`. */
  readonly now?: () => number
  /** A tail looks again after this long without a hint: the floor when every hint is lost. Default 5,000. */
  readonly pollMs?: number
  /** Calls `fn` once after `delayMs` unless the function returned is called first. Default: the system's timer. */
  readonly setTimer?: (fn: () => void, delayMs: number) => () => void
}

/** The log as everybody else sees it: stamps, serialises, appends, hints. */
export interface EventLog {
  readonly driver: LogDriver
  /**
   * Appends in one step, then tells the others: `grew`, and `queued` when there may be another run to claim. Timestamps
   * never go back within this process.
   */
  append(stream: string, drafts: readonly Draft[], options?: AppendOptions): Promise<Appended>
  read(stream: string, from: Position | 'start', limit?: ReadLimit): Promise<LogPage>
  head(stream: string): Promise<Position>
  /** Tells an ephemeral event to whoever follows now; it is stored nowhere. */
  signal(stream: string, draft: Draft): void
  /**
   * Every page after `from` that holds events, for ever: replay, then live, one code path. Ends without error when
   * `signal` aborts or the log closes. @throws CursorExpired, `stream_closed`
   */
  tail(stream: string, from: Position | 'start', signal: AbortSignal): AsyncIterable<LogPage>
  /** Hints of any process. */
  onHint(listener: (hint: Hint) => void): () => void
  publish(hint: Hint): void
  close(): Promise<void>
}

/** Most bytes of bodies that a `grew` hint carries; a longer append is told by its head alone. */
const MAX_HINT_LENGTH = 65_536

const DEFAULT_POLL_MS = 5_000

/**
 * The log over a driver. It listens to the backplane from now on. `close` ends its tails and closes the backplane it
 * made itself; a backplane that was passed in, and the driver, belong to whoever made them.
 */
export function createEventLog(options: EventLogOptions): EventLog {
  const { driver, now = Date.now, pollMs = DEFAULT_POLL_MS, setTimer = setSystemTimer } = options
  const backplane = options.backplane ?? createLocalBackplane()
  const stamp = createStamp(now)
  const closing = new AbortController()

  const publish = (hint: Hint): void => {
    // A hint may be lost without harm, and the append it tells of has succeeded.
    try {
      backplane.publish(hint)?.catch(() => undefined)
    } catch {
      return
    }
  }
  const onHint = (listener: (hint: Hint) => void): (() => void) => backplane.subscribe(listener)

  return {
    driver,
    append(stream, drafts, appendOptions) {
      // The end of a run lets the next one of its session be claimed.
      const mayQueue = appendOptions?.enqueue !== undefined || appendOptions?.endRun !== undefined
      // Not an `async` function: what waits for the write would keep the drafts.
      try {
        const stored = drafts.map((draft) => stamp.stored(stream, draft))
        return driver.append({ ...appendOptions, stream, drafts: stored }).then((appended) => {
          if (appended.repeated) return appended
          if (appended.events.length > 0) publish(grewHint(stream, appended))
          if (mayQueue) publish({ kind: 'queued' })
          return appended
        })
      } catch (error) {
        return Promise.reject(error instanceof Error ? error : new Error(String(error)))
      }
    },
    read: (stream, from, limit) => driver.read(stream, from, limit),
    head: (stream) => driver.head(stream),
    signal(stream, draft) {
      publish({ kind: 'ephemeral', stream, envelope: stamp.envelope(stream, draft) })
    },
    tail: (stream, from, signal) =>
      tail({
        stream,
        from,
        signal: AbortSignal.any([signal, closing.signal]),
        read: (position) => driver.read(stream, position),
        onHint,
        setPoll: (look) => setTimer(look, pollMs),
      }),
    onHint,
    publish,
    async close() {
      closing.abort()
      if (options.backplane === undefined) await backplane.close()
    },
  }
}

/** The stored event as an envelope: `id` and `prev` are added, the body is parsed. PROTOCOL.md §2. */
export function openEnvelope(
  event: { offset: number; prev?: number; body: string },
  epoch: string,
): Envelope {
  const body = JSON.parse(event.body) as Omit<Envelope, 'id' | 'prev'>
  const id = formatCursor({ epoch, offset: event.offset })
  return { id, ...(event.prev !== undefined && { prev: event.prev }), ...body }
}

/** `openEnvelope` as JSON text, without parsing the body. */
export function envelopeText(event: { offset: number; prev?: number; body: string }, epoch: string): string {
  const prev = event.prev === undefined ? '' : `"prev":${String(event.prev)},`
  return `{"id":"${formatCursor({ epoch, offset: event.offset })}",${prev}${event.body.slice(1)}`
}

function grewHint(stream: string, { head, events }: Appended): Hint {
  let length = 0
  for (const event of events) length += event.body.length
  return length > MAX_HINT_LENGTH ? { kind: 'grew', stream, head } : { kind: 'grew', stream, head, events }
}

function setSystemTimer(fn: () => void, delayMs: number): () => void {
  const timer = setTimeout(fn, delayMs)
  return () => {
    clearTimeout(timer)
  }
}
