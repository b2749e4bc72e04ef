import { StreamError } from '@throughline/protocol'
import type { GatewayRequest } from './exchange.ts'
import { tooLarge } from './whole-body.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Deepest nesting of any body. */
const MAX_DEPTH = 64

/** Reads a JSON body of at most `limit` bytes. @throws StreamError 413, 415, 400 */
export async function readJson(request: GatewayRequest, limit: number): Promise<unknown> {
  requireType(request, 'application/json')
  return parseJson(await readBytes(request, limit))
}

/** Reads a JSON body that may be left out, as `{}`. @throws StreamError 413, 415, 400 */
export async function readOptionalJson(request: GatewayRequest, limit: number): Promise<unknown> {
  if (request.header('content-type') !== undefined) requireType(request, 'application/json')
  const bytes = await readBytes(request, limit)
  if (bytes.length === 0) return {}
  requireType(request, 'application/json')
  return parseJson(bytes)
}

/** Whether the body says it is of this media type. */
export function isType(request: GatewayRequest, type: string): boolean {
  const given = request.header('content-type') ?? ''
  return given === type || (given.split(';')[0] ?? '').trim().toLowerCase() === type
}

/** @throws StreamError 415 */
function requireType(request: GatewayRequest, type: string): void {
  if (isType(request, type)) return
  throw new StreamError('invalid_request', `Send the body as ${type}.`, { status: 415 })
}

/** Parses what was sent. @throws StreamError 400 */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    const text = utf8.decode(bytes)
    if (isShallow(text)) return JSON.parse(text)
  } catch {
    throw new StreamError('invalid_request', 'The body is not JSON in UTF-8.', { status: 400 })
  }
  throw new StreamError('invalid_request', `The body is nested more than ${String(MAX_DEPTH)} deep.`)
}

function readBytes(request: GatewayRequest, limit: number): Promise<Uint8Array> {
  // Refused by its own word, before a byte of it is read.
  if (Number(request.header('content-length') ?? 0) > limit) throw tooLarge(limit)
  return request.bytes(limit)
}

// Looked at before parsing: what is parsed deep is walked by recursion ever after.
function isShallow(text: string): boolean {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 0x22) {
      at = endOfString(text, at)
      if (at === -1) return true
    } else if (code === 0x7b || code === 0x5b) {
      if (++depth > MAX_DEPTH) return false
    } else if (code === 0x7d || code === 0x5d) depth--
  }
  return true
}

/** Where the string that begins at `start` ends; -1 when it does not. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let backslashes = 0
    while (text.charCodeAt(end - 1 - backslashes) === 0x5c) backslashes++
    if (backslashes % 2 === 0) return end
  }
  return -1
}
