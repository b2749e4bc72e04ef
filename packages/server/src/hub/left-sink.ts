import type { Sink } from './sink.ts'

/** A sink whose reader left before the stream began: whoever opens a stream into it lets go of all it held. */
export const leftSink: Sink = {
  write: () => 'blocked',
  onDrain: () => undefined,
  onClose(listener) {
    listener()
  },
  close: () => undefined,
}
