import { eventFrame, type Position } from '@throughline/protocol'
import type { EventLog, LogPage, StoredEvent } from '@throughline/log'

/** Frames read from the log, encoded once for all readers at the same place. */
export interface Page {
  readonly frames: Uint8Array
  /** Offset of its last event; that of the reader when it is empty. */
  readonly last: number
  /** Head of the stream when it was read. */
  readonly head: Position
}

export interface PageCacheOptions {
  readonly log: EventLog
  /** Encoded bytes kept. Default 8 MiB. */
  readonly maxBytes?: number
}

interface Entry {
  readonly page: Promise<Page>
  bytes: number
  used: boolean
}

/** Pages end at multiples of this, so that readers who began at different places soon share them. */
const ALIGN_EVENTS = 512
/** Far above so many events of usual size: where bytes end a page, a small one follows, up to the next multiple. */
const PAGE_BYTES = 262_144

/** Pages of history that several readers are likely to want now. Single-flight, bounded, least recently used first. */
export class PageCache {
  readonly #log: EventLog
  readonly #maxBytes: number
  readonly #entries = new Map<string, Entry>()
  #bytes = 0

  constructor({ log, maxBytes = 8 * 1_048_576 }: PageCacheOptions) {
    this.#log = log
    this.#maxBytes = maxBytes
  }

  get bytes(): number {
    return this.#bytes
  }

  /** What follows `from`. @throws CursorExpired and whatever the log throws */
  get(stream: string, from: Position): Promise<Page> {
    const key = `${stream} ${from.epoch}-${String(from.offset)}`
    const found = this.#entries.get(key)
    if (found !== undefined) {
      found.used = true
      this.#entries.delete(key)
      this.#entries.set(key, found)
      return found.page
    }
    const entry: Entry = { page: this.#read(stream, from), bytes: 0, used: true }
    this.#entries.set(key, entry)
    entry.page.then(
      (page) => {
        if (page.frames.length === 0) this.#drop(key, entry)
        else this.#keep(key, entry, page.frames.length)
      },
      () => {
        this.#drop(key, entry)
      },
    )
    return entry.page
  }

  /** Forgets what nobody asked for since the last sweep. */
  sweep(): void {
    for (const [key, entry] of this.#entries) {
      if (!entry.used && entry.bytes > 0) this.#drop(key, entry)
      entry.used = false
    }
  }

  /** Forgets a stream, or all of them. */
  clear(stream?: string): void {
    for (const [key, entry] of this.#entries) {
      if (stream === undefined || key.startsWith(`${stream} `)) this.#drop(key, entry)
    }
  }

  async #read(stream: string, from: Position): Promise<Page> {
    const maxEvents = ALIGN_EVENTS - (from.offset % ALIGN_EVENTS)
    return encodePage(await this.#log.read(stream, from, { maxEvents, maxBytes: PAGE_BYTES }), from)
  }

  #keep(key: string, entry: Entry, bytes: number): void {
    if (this.#entries.get(key) !== entry) return
    entry.bytes = bytes
    this.#bytes += bytes
    for (const [oldest, old] of this.#entries) {
      if (this.#bytes <= this.#maxBytes) return
      if (old.bytes > 0) this.#drop(oldest, old)
    }
  }

  #drop(key: string, entry: Entry): void {
    if (this.#entries.get(key) !== entry) return
    this.#entries.delete(key)
    this.#bytes -= entry.bytes
  }
}

const encoder = new TextEncoder()

function encodePage({ events, epoch, head }: LogPage, from: Position): Page {
  const text = events.map((event) => encodeEvent(event, epoch)).join('')
  return { frames: encoder.encode(text), last: events[events.length - 1]?.offset ?? from.offset, head }
}

/** The frame of a stored event as text. */
export function encodeEvent({ type, body, offset, prev }: StoredEvent, epoch: string): string {
  return eventFrame(type, body, { epoch, offset }, prev)
}
