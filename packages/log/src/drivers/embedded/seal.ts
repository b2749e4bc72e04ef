import { crc32 } from 'node:zlib'
import type { ProducerPosition, StoredEvent } from '../../log-driver.ts'
import { damaged } from './failures.ts'

/**
 * Every value carries a checksum over itself and over where it belongs: the storage engine does not check blocks when
 * it reads them, and a flipped bit in a key would put a value in a wrong place.
 */
export function seal(place: string, text: string): string {
  return `${checksum(place, text)};${text}`
}

/** The text that was sealed. @throws `server_error` when value or place are not what was written */
export function unseal(place: string, sealed: string): string {
  const end = sealed.indexOf(';')
  const text = sealed.slice(end + 1)
  if (end < 0 || sealed.slice(0, end) !== checksum(place, text)) throw damaged(place)
  return text
}

/** A record as a sealed value of `key`. */
export function sealRecord(key: string, record: object): string {
  return seal(key, JSON.stringify(record))
}

/** The record sealed under `key`; its shape is what this version, or a migration, wrote there. */
export function unsealRecord(key: string, sealed: string): unknown {
  return JSON.parse(unseal(key, sealed))
}

/** Checksum of a stream's name, for `sealEvent` to begin with. */
export function sealPlace(stream: string): number {
  return crc32(stream)
}

/** Where a producer is after an event: what it sent last ends there. */
export type ProducerMark = Pick<ProducerPosition, 'producerId' | 'producerSeq'>

/**
 * An event as a sealed value: `offset;prev;type;body`, so that a page is read from values alone. Behind `prev` stands
 * whose batch ends with it: `prev,producerId,producerSeq`.
 */
export function sealEvent(
  place: number,
  { offset, prev, type, body }: StoredEvent,
  producer?: ProducerMark,
): string {
  const before = prev === undefined ? '' : String(prev)
  const mark = producer === undefined ? '' : `,${producer.producerId},${String(producer.producerSeq)}`
  const text = `${String(offset)};${before}${mark};${type};${body}`
  return `${digits(crc32(text, place))};${text}`
}

/** The same event, with another one before it. */
export function bridgeEvent(place: number, value: string, prev: number): string {
  return sealEvent(place, { ...unsealEvent(place, value), prev }, markOf(value))
}

/** Whose batch ends with an event, of a value that was unsealed. */
export function markOf(value: string): ProducerMark | undefined {
  const afterOffset = value.indexOf(';', value.indexOf(';') + 1)
  const [, producerId, producerSeq] = value
    .slice(afterOffset + 1, value.indexOf(';', afterOffset + 1))
    .split(',')
  return producerId === undefined ? undefined : { producerId, producerSeq: Number(producerSeq) }
}

/** @throws `server_error` when value or place are not what was written */
export function unsealEvent(place: number, sealed: string): StoredEvent {
  const end = sealed.indexOf(';')
  const text = sealed.slice(end + 1)
  if (end < 0 || sealed.slice(0, end) !== digits(crc32(text, place))) throw damaged('event')
  const afterOffset = text.indexOf(';')
  const afterPrev = text.indexOf(';', afterOffset + 1)
  const afterType = text.indexOf(';', afterPrev + 1)
  const offset = Number(text.slice(0, afterOffset))
  const type = text.slice(afterPrev + 1, afterType)
  const body = text.slice(afterType + 1)
  if (afterPrev === afterOffset + 1) return { offset, type, body }
  const before = text.slice(afterOffset + 1, afterPrev)
  const mark = before.indexOf(',')
  if (mark === 0) return { offset, type, body }
  return { offset, prev: Number(mark < 0 ? before : before.slice(0, mark)), type, body }
}

function checksum(place: string, text: string): string {
  return digits(crc32(text, crc32(place)))
}

/** As a signed integer: V8 writes those at once and larger ones by division of doubles. */
function digits(crc: number): string {
  return (crc | 0).toString(36)
}
