import type { IncomingMessage } from 'node:http'
import { atTurnEnd } from './turn-end.ts'

type Piece = IteratorResult<Uint8Array, undefined>

/** Bytes that may wait here while the reader is busy; then the sender is read no further. */
const MAX_HELD_BYTES = 65_536

/**
 * A request's body as it arrives, what came together in one piece. Reading it slowly slows the sender, and whoever
 * stops early leaves the connection open, so that the sender can still be told why.
 *
 * Node's own iterator makes a buffer, a promise and an end-of-stream watcher of what is here one listener.
 */
export function readChunks(request: IncomingMessage): AsyncIterator<Uint8Array, undefined> {
  let held: Buffer[] = []
  let heldBytes = 0
  let isOver = false
  let failure: Error | undefined
  let reader: PromiseWithResolvers<Piece> | undefined
  let isWaking = false

  const take = (): Buffer => {
    const [first] = held
    const piece = first !== undefined && held.length === 1 ? first : Buffer.concat(held, heldBytes)
    held = []
    heldBytes = 0
    return piece
  }
  /** What there is to tell; `undefined` when that is nothing yet. */
  const look = (): Piece | undefined => {
    if (held.length > 0) return { done: false, value: take() }
    if (failure !== undefined) throw failure
    return isOver ? { done: true, value: undefined } : undefined
  }
  const wake = (): void => {
    isWaking = false
    if (reader === undefined) return
    const { resolve, reject } = reader
    try {
      const piece = look()
      if (piece === undefined) return
      reader = undefined
      resolve(piece)
    } catch (error) {
      reader = undefined
      reject(error)
    }
  }
  const stop = (): void => {
    isOver = true
    request.off('data', onData).off('end', onEnd).off('error', onError).off('close', onClose)
    wake()
  }
  const onData = (chunk: Buffer): void => {
    held.push(chunk)
    heldBytes += chunk.length
    if (heldBytes >= MAX_HELD_BYTES) request.pause()
    // Not at once: Node tells each chunk of a read in a turn of its own, and together they cost little more than one.
    if (reader === undefined || isWaking) return
    isWaking = true
    atTurnEnd(wake)
  }
  const onEnd = (): void => {
    stop()
  }
  const onError = (error: Error): void => {
    failure = error
    stop()
  }
  const onClose = (): void => {
    onError(new Error('The sender left before the end of its body.'))
  }

  request.on('data', onData).on('end', onEnd).on('error', onError).on('close', onClose)
  if (request.destroyed && !request.readableEnded) onClose()
  else if (request.readableEnded) stop()

  return {
    next() {
      const asked = Promise.withResolvers<Piece>()
      // Asked before it is emptied: what is paused is read on when nothing is left.
      const isDry = held.length === 0
      reader = asked
      wake()
      if (isDry && request.isPaused()) request.resume()
      return asked.promise
    },
    return() {
      held = []
      stop()
      request.pause()
      return Promise.resolve({ done: true, value: undefined })
    },
  }
}
