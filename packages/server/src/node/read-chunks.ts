import type { IncomingMessage } from 'node:http'

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
  let wake: (() => void) | undefined
  let waking: NodeJS.Immediate | undefined

  const take = (): Buffer => {
    const [first] = held
    const piece = first !== undefined && held.length === 1 ? first : Buffer.concat(held, heldBytes)
    held = []
    heldBytes = 0
    return piece
  }
  const stop = (): void => {
    isOver = true
    request.off('data', onData).off('end', onEnd).off('error', onError).off('close', onClose)
    wake?.()
  }
  const onData = (chunk: Buffer): void => {
    held.push(chunk)
    heldBytes += chunk.length
    if (heldBytes >= MAX_HELD_BYTES) request.pause()
    // Not at once: Node tells each chunk of a read in a turn of its own, and together they cost little more than one.
    if (wake !== undefined) waking ??= setImmediate(wake)
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
    async next() {
      if (held.length === 0 && !isOver) {
        if (request.isPaused()) request.resume()
        await new Promise<void>((resolve) => {
          wake = resolve
        })
        wake = waking = undefined
      }
      if (held.length > 0) return { done: false, value: take() }
      if (failure !== undefined) throw failure
      return { done: true, value: undefined }
    },
    return() {
      held = []
      stop()
      request.pause()
      return Promise.resolve({ done: true, value: undefined })
    },
  }
}
