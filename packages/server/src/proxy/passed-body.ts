import type { Timers } from '../hub/timers.ts'

/** A request's body on its way to the hub. */
export interface PassedBody {
  /** Read as fast as the hub reads it. */
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>
  /**
   * Reads and drops, within bounds, what the hub did not want: a browser hears a refusal (413) only once its sending is
   * over. Call it when the hub has answered; does nothing when everything was read.
   */
  drain(): void
}

const MAX_UNREAD_BYTES = 16_777_216
const MAX_UNREAD_MS = 5_000

export function passBody(body: ReadableStream<Uint8Array<ArrayBuffer>>, timers: Timers): PassedBody {
  const reader = body.getReader()
  let isOver = false

  const leave = (): void => {
    isOver = true
    // Whoever sends may be gone, of which nobody needs to hear any more.
    reader.cancel().catch(() => undefined)
  }

  const drain = async (): Promise<void> => {
    const cancel = timers.schedule(leave, MAX_UNREAD_MS)
    let bytes = 0
    try {
      for (let next = await reader.read(); !next.done; next = await reader.read()) {
        bytes += next.value.length
        if (bytes > MAX_UNREAD_BYTES) leave()
      }
    } finally {
      cancel()
    }
  }

  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        const { done, value } = await reader.read()
        isOver ||= done
        if (done) controller.close()
        else controller.enqueue(value)
      },
    },
    { highWaterMark: 0 },
  )
  return {
    stream,
    drain() {
      if (isOver) return
      isOver = true
      drain().catch(() => undefined)
    },
  }
}
