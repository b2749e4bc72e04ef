import { createSseDecoder, parseEnvelope, type Envelope } from '@throughline/protocol'
import type { CloseReason, Sink } from '../sink.ts'

/** A sink that decodes what it is given and blocks when told to. */
export interface RecordingSink extends Sink {
  readonly envelopes: Envelope[]
  /** `retry` and comments, as they came. */
  readonly others: string[]
  /** How many writes were made. */
  readonly writes: number
  readonly closedWith: CloseReason | undefined
  /** Answers `'blocked'` from the next write on, or after `writes` more. */
  block(writes?: number): void
  /** Takes more again. */
  drain(): void
  /** The reader leaves. */
  leave(): void
}

export function createRecordingSink(): RecordingSink {
  const envelopes: Envelope[] = []
  const others: string[] = []
  const decoder = createSseDecoder({
    onFrame: ({ data }) => {
      const envelope = parseEnvelope(data)
      if (envelope === undefined) throw new Error(`not an envelope: ${data}`)
      envelopes.push(envelope)
    },
    onRetry: (ms) => others.push(`retry ${String(ms)}`),
    onComment: (text) => others.push(text),
  })
  let writes = 0
  let free = Infinity
  let isBlocked = false
  let closedWith: CloseReason | undefined
  let onDrain = (): void => undefined
  let onClose = (): void => undefined

  return {
    envelopes,
    others,
    get writes() {
      return writes
    },
    get closedWith() {
      return closedWith
    },
    write(frames) {
      if (isBlocked) throw new Error('written to while blocked')
      if (closedWith !== undefined) throw new Error('written to after close')
      writes++
      decoder.push(frames)
      isBlocked = --free <= 0
      return isBlocked ? 'blocked' : 'ok'
    },
    onDrain(listener) {
      onDrain = listener
    },
    onClose(listener) {
      onClose = listener
    },
    close(reason) {
      closedWith ??= reason
    },
    block(after = 1) {
      free = after
    },
    drain() {
      free = Infinity
      if (!isBlocked) return
      isBlocked = false
      onDrain()
    },
    leave() {
      onClose()
    },
  }
}
