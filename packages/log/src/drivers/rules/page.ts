import type { ReadLimit, StoredEvent } from '../../log-driver.ts'
import { invalid } from './refusals.ts'

const DEFAULT_MAX_EVENTS = 1_000
const DEFAULT_MAX_BYTES = 1_048_576

/** A limit with its defaults. @throws `invalid_request` for one that lets nothing through */
export function fullLimit(limit: ReadLimit = {}): Required<ReadLimit> {
  const { maxEvents = DEFAULT_MAX_EVENTS, maxBytes = DEFAULT_MAX_BYTES } = limit
  if (!(maxEvents >= 1) || !(maxBytes >= 1)) throw invalid('A page holds at least one event.')
  return { maxEvents, maxBytes }
}

/** Takes events until the page is full: it ends before `maxBytes` is passed, but one event always fits. */
export function createPage({ maxEvents, maxBytes }: Required<ReadLimit>): {
  readonly events: StoredEvent[]
  /** Whether it was taken. */
  add(event: StoredEvent): boolean
} {
  const events: StoredEvent[] = []
  let bytes = 0
  return {
    events,
    add(event) {
      if (events.length >= maxEvents) return false
      bytes += utf8Length(event.body)
      if (bytes > maxBytes && events.length > 0) return false
      events.push(event)
      return true
    },
  }
}

/** Bytes of `text` in UTF-8. */
export function utf8Length(text: string): number {
  let bytes = text.length
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at)
    if (unit < 0x80) continue
    // A surrogate pair is four bytes over two units, anything else from U+0800 three over one.
    bytes += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2
  }
  return bytes
}
