import type { IncomingMessage } from 'node:http'

/** How long a sender may go on with a body that was answered before its end. */
const UNREAD_BODY_MS = 2_000

/** Reads and drops what is left of a body that was answered, so that the answer is not lost to a reset; not for ever. */
export function dropUnread(request: IncomingMessage): void {
  if (request.complete) return
  request.resume()
  boundUnread(request, UNREAD_BODY_MS)
}

/** Ends the connection of a body that was answered and still comes after `withinMs`. */
export function boundUnread(request: IncomingMessage, withinMs: number): void {
  if (request.complete) return
  const timer = setTimeout(() => request.destroy(), withinMs)
  request.once('close', () => {
    clearTimeout(timer)
  })
}
