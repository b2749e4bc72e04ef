import type { EventLog, LogPage } from '@throughline/log'
import type { Position } from '@throughline/protocol'

/** Messages between two places that are remembered. */
export const STRIDE = 16

/** Sessions, and places in all, that are remembered; what is forgotten is found by reading the session once more. */
const MAX_SESSIONS = 512
const MAX_PLACES = 500_000

/** Where messages begin in one stream, every `STRIDE`th of them. */
export interface MessagePlaces {
  readonly epoch: string
  /** Offsets after which to read; the first is where the stream begins. */
  readonly starts: readonly number[]
}

/** Finds places in sessions without reading them again each time: what was read once is remembered. */
export interface PlaceIndex {
  /** Places up to `offset`, or to the head when that comes first. @throws CursorExpired, `not_found`, `stream_closed` */
  upTo(sessionId: string, offset: number): Promise<MessagePlaces>
  forget(sessionId: string): void
}

interface Scan {
  readonly epoch: string
  readonly starts: number[]
  position: Position
  begun: number
}

interface Entry {
  scan: Scan | undefined
  /** One reader at a time for a session; the next goes on from where it came. */
  running: Promise<Scan>
}

export function createPlaceIndex({ read }: Pick<EventLog, 'read'>): PlaceIndex {
  const entries = new Map<string, Entry>()

  const readOn = async (sessionId: string, former: Scan | undefined, offset: number): Promise<Scan> => {
    let scan = former
    for (;;) {
      if (scan !== undefined && scan.position.offset >= offset) return scan
      const page = await read(sessionId, scan?.position ?? 'start')
      scan ??= beginScan(page)
      const last = page.events.at(-1)
      if (last === undefined) return scan
      note(scan, page)
      scan.position = { epoch: page.epoch, offset: last.offset }
      if (last.offset >= page.head.offset) return scan
    }
  }

  const enter = (sessionId: string, offset: number): Entry => {
    const known = entries.get(sessionId)
    const former = known === undefined ? Promise.resolve(undefined) : known.running.catch(() => undefined)
    const running = former.then((scan) => readOn(sessionId, scan, offset))
    const entry = { scan: known?.scan, running }
    entries.delete(sessionId)
    entries.set(sessionId, entry)
    return entry
  }

  const shed = (): void => {
    let places = 0
    for (const { scan } of entries.values()) places += scan?.starts.length ?? 0
    for (const [sessionId, { scan }] of entries) {
      if (entries.size <= MAX_SESSIONS && (places <= MAX_PLACES || entries.size === 1)) return
      places -= scan?.starts.length ?? 0
      entries.delete(sessionId)
    }
  }

  return {
    async upTo(sessionId, offset) {
      const entry = enter(sessionId, offset)
      try {
        entry.scan = await entry.running
        return entry.scan
      } catch (error) {
        if (entries.get(sessionId) === entry) entries.delete(sessionId)
        throw error
      } finally {
        shed()
      }
    },
    forget(sessionId) {
      entries.delete(sessionId)
    },
  }
}

/** At the beginning of a stream, which is later after a trim. */
function beginScan({ epoch, events: [first] }: LogPage): Scan {
  const offset = first === undefined ? 0 : (first.prev ?? first.offset - 1)
  return { epoch, starts: [offset], position: { epoch, offset }, begun: 0 }
}

function note(scan: Scan, { events }: LogPage): void {
  for (const { type, offset, prev = offset - 1 } of events) {
    if (type !== 'user_message' && type !== 'message_started') continue
    if (scan.begun > 0 && scan.begun % STRIDE === 0) scan.starts.push(prev)
    scan.begun += 1
  }
}
