import type { ProducerPosition, StoredEvent } from '../../log-driver.ts'
import { eventKey } from './keys.ts'
import { sealIn, unsealIn } from './seal.ts'

/** Events that are one value of the store: an append's, in their order. What the engine costs, it costs for each value. */
export interface EventGroup {
  /** One at least. */
  readonly events: readonly StoredEvent[]
  /** Whose batch ends with the last of them. */
  readonly mark?: ProducerMark | undefined
}

/** Where a producer is after an event: what it sent last ends there. */
export type ProducerMark = Pick<ProducerPosition, 'producerId' | 'producerSeq'>

/** Characters after which an append goes on in another group: who wants one event reads no more than that for it. */
const MAX_LENGTH = 16_384

/** A group of several begins with it; one of one event with its offset. */
const SEVERAL = '*'

/** The events of one append in groups; the last has the mark. */
export function groupsOf(append: EventGroup): readonly EventGroup[] {
  const { events, mark } = append
  if (events.length <= 1) return events.length === 0 ? [] : [append]
  const groups: EventGroup[] = []
  let length = 0
  let from = 0
  for (const [at, { body }] of events.entries()) {
    length += body.length
    if (length <= MAX_LENGTH || at === from) continue
    groups.push({ events: events.slice(from, at) })
    from = at
    length = body.length
  }
  groups.push(from === 0 ? append : { events: events.slice(from), mark })
  return groups
}

/** Offset of the last event, by which the group is found. */
export function lastOf({ events }: EventGroup): number {
  return events.at(-1)?.offset ?? 0
}

/** Where a group is in the store. */
export function groupKey(stream: string, group: EventGroup): string {
  return eventKey(stream, lastOf(group))
}

/**
 * A group as a sealed value. An event is `offset;prev;type;body`, and the last has the mark behind `prev`:
 * `prev,producerId,producerSeq`. Each of several has its length before it: `*LENGTH:EVENTLENGTH:EVENT`.
 *
 * @param place checksum of the stream's name
 */
export function sealGroup(place: number, { events, mark }: EventGroup): string {
  const [only] = events
  if (events.length === 1 && only !== undefined) return sealIn(place, writeEvent(only, mark))
  const last = events.length - 1
  let text = SEVERAL
  for (const [at, event] of events.entries()) {
    const written = writeEvent(event, at === last ? mark : undefined)
    text += `${String(written.length)}:${written}`
  }
  return sealIn(place, text)
}

/** @throws `server_error` when value or place are not what was written */
export function unsealGroup(place: number, sealed: string): EventGroup {
  const events: StoredEvent[] = []
  let mark: ProducerMark | undefined
  for (const written of split(unsealIn(place, sealed, 'event'))) {
    const read = readEvent(written)
    events.push(read.event)
    mark = read.mark
  }
  return { events, mark }
}

function split(text: string): readonly string[] {
  if (!text.startsWith(SEVERAL)) return [text]
  const written: string[] = []
  for (let at = SEVERAL.length; at < text.length;) {
    const begin = text.indexOf(':', at) + 1
    const end = begin + Number(text.slice(at, begin - 1))
    written.push(text.slice(begin, end))
    at = end
  }
  return written
}

function writeEvent({ offset, prev, type, body }: StoredEvent, mark: ProducerMark | undefined): string {
  const before = prev === undefined ? '' : String(prev)
  const marked = mark === undefined ? '' : `,${mark.producerId},${String(mark.producerSeq)}`
  return `${String(offset)};${before}${marked};${type};${body}`
}

function readEvent(written: string): { event: StoredEvent; mark: ProducerMark | undefined } {
  const afterOffset = written.indexOf(';')
  const afterPrev = written.indexOf(';', afterOffset + 1)
  const afterType = written.indexOf(';', afterPrev + 1)
  const offset = Number(written.slice(0, afterOffset))
  const type = written.slice(afterPrev + 1, afterType)
  const body = written.slice(afterType + 1)
  if (afterPrev === afterOffset + 1) return { event: { offset, type, body }, mark: undefined }
  const [prev = '', producerId, producerSeq] = written.slice(afterOffset + 1, afterPrev).split(',')
  return {
    event: prev === '' ? { offset, type, body } : { offset, prev: Number(prev), type, body },
    mark: producerId === undefined ? undefined : { producerId, producerSeq: Number(producerSeq) },
  }
}
