import { StreamError } from '@throughline/protocol'
import type { GatewayRequest } from './exchange.ts'

/** PROTOCOL.md §4: never compressed, never buffered by a proxy that can be asked. */
export const STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
} as const

/**
 * A cookie goes along with whatever a page embeds; only a reader of streams asks for one.
 * @throws StreamError 406
 */
export function requireStreamAccept(request: GatewayRequest, byCookie: boolean): void {
  if (!byCookie || /text\/event-stream/i.test(request.header('accept') ?? '')) return
  throw new StreamError('invalid_request', 'Ask with Accept: text/event-stream.', { status: 406 })
}
