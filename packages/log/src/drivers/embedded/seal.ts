import { crc32 } from 'node:zlib'
import { damaged } from './failures.ts'

/**
 * Every value carries a checksum over itself and over where it belongs: the storage engine does not check blocks when
 * it reads them, and a flipped bit in a key would put a value in a wrong place.
 */
export function seal(place: string, text: string): string {
  return sealIn(sealPlace(place), text)
}

/** The text that was sealed. @throws `server_error` when value or place are not what was written */
export function unseal(place: string, sealed: string): string {
  return unsealIn(sealPlace(place), sealed, place)
}

/** Checksum of a place, for whoever seals there more than once. */
export function sealPlace(place: string): number {
  return crc32(place)
}

/** As `seal`, for a place whose checksum is at hand. */
export function sealIn(place: number, text: string): string {
  return `${digits(crc32(text, place))};${text}`
}

/** As `unseal`; `what` is named in the error. */
export function unsealIn(place: number, sealed: string, what: string): string {
  const end = sealed.indexOf(';')
  const text = sealed.slice(end + 1)
  if (end < 0 || sealed.slice(0, end) !== digits(crc32(text, place))) throw damaged(what)
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

/** As a signed integer: V8 writes those at once and larger ones by division of doubles. */
function digits(crc: number): string {
  return (crc | 0).toString(36)
}
