import { formatCursor } from './cursor.ts'
import type { Cursor } from './cursor.ts'
import type { Envelope } from './envelope.ts'
import type { Position } from './position.ts'
import { StreamError } from './stream-error.ts'

export interface FrameFields {
  /** Last event id from this frame on; the empty string clears it. */
  readonly id?: string
  /** Default: none, which readers take as `message`. */
  readonly event?: string
  readonly data: string
  /** Least wait of native clients before they reconnect, in milliseconds. */
  readonly retry?: number
}

/**
 * Writes one event as text, to be sent as UTF-8.
 *
 * CR, LF and CRLF in `data` each end a line and arrive as LF; lone surrogates arrive as U+FFFD, for UTF-8 has
 * no form for them (JSON text has: it escapes them).
 * @throws StreamError `invalid_request` when `id` or `event` holds CR, LF or NUL, or `retry` is no whole number.
 */
export function encodeFrame(fields: FrameFields): string {
  const { id, event, data, retry } = fields
  let frame = id === undefined ? '' : field('id', id)
  if (event !== undefined) frame += field('event', event)
  if (retry !== undefined) frame += retryField(retry)
  return `${frame}data: ${data.replace(LINE_END, '\ndata: ')}\n\n`
}

/**
 * Adds `id` and `prev` to a stored body without parsing it.
 *
 * `body` is the JSON object text of an envelope without those two, as `JSON.stringify` writes it.
 */
export function envelopeJson(body: string, position: Position, prev?: number): string {
  const head = `{"id":"${formatCursor(position)}"${prev === undefined ? '' : `,"prev":${String(prev)}`}`
  return body === '{}' ? `${head}}` : `${head},${body.slice(1)}`
}

/**
 * The frame of a stored event: `id`, `event` and its envelope as one line of data.
 * @throws StreamError `invalid_request` when `type` or `body` holds a line end: it would forge fields.
 */
export function eventFrame(type: string, body: string, position: Position, prev?: number): string {
  const json = envelopeJson(oneLine('data', body), position, prev)
  return `id: ${formatCursor(position)}\n${field('event', type)}data: ${json}\n\n`
}

/** The frame of a control or ephemeral event; `id` goes with the last part of a snapshot and nothing else. */
export function controlFrame(envelope: Envelope, id?: Cursor): string {
  const data = JSON.stringify(id === undefined ? envelope : { id, ...envelope })
  return encodeFrame({ ...(id === undefined ? {} : { id }), event: envelope.type, data })
}

/**
 * A comment: bytes that keep a connection alive and that readers skip.
 * @throws StreamError `invalid_request` when `text` holds CR, LF or NUL.
 */
export function commentFrame(text: string): string {
  return `: ${oneLine('comment', text)}\n\n`
}

/**
 * Tells native clients how long to wait before they reconnect, in milliseconds.
 * @throws StreamError `invalid_request` when `ms` is not a whole number from 0.
 */
export function retryFrame(ms: number): string {
  return `${retryField(ms)}\n`
}

const LINE_END = /\r\n|\r|\n/g

function field(name: string, value: string): string {
  return `${name}: ${oneLine(name, value)}\n`
}

function retryField(ms: number): string {
  if (Number.isSafeInteger(ms) && ms >= 0) return `retry: ${String(ms)}\n`
  throw new StreamError('invalid_request', 'retry must be a whole number of milliseconds from 0')
}

function oneLine(name: string, value: string): string {
  if (!value.includes('\n') && !value.includes('\r') && !value.includes('\0')) return value
  throw new StreamError('invalid_request', `${name} must not hold CR, LF or NUL: escape or remove them`)
}
