export interface PulledBodyOptions {
  /** Bytes that go out before the first of `body`. */
  readonly first?: Uint8Array<ArrayBuffer>
  /** Ends the body: the browser left, or may read no longer. */
  readonly signal: AbortSignal
  /** Called once when it has ended, however. */
  readonly onEnd?: () => void
}

/**
 * A body that is read when its reader asks for more and never ahead of it, so that a browser which does not read slows
 * the hub instead of filling memory. Who leaves closes what is behind.
 */
export function pullBody(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  { first, signal, onEnd }: PulledBodyOptions,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader()
  let ended = false
  const end = (): void => {
    if (ended) return
    ended = true
    signal.removeEventListener('abort', end)
    // Rejects when the connection broke, of which the next read tells.
    reader.cancel().catch(() => undefined)
    onEnd?.()
  }
  if (signal.aborted) end()
  else signal.addEventListener('abort', end)

  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      start(controller) {
        if (first !== undefined) controller.enqueue(first)
      },
      async pull(controller) {
        try {
          const { done, value } = await reader.read()
          if (!done) return controller.enqueue(value)
          end()
          controller.close()
        } catch (error) {
          end()
          controller.error(error)
        }
      },
      cancel: end,
    },
    { highWaterMark: 0 },
  )
}
