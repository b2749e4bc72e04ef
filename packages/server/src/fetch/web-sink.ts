import type { CloseReason, Sink } from '../hub/sink.ts'

/** Bytes that may wait in the stream for one reader. */
const MAX_WAITING_BYTES = 65_536

/** Frames as a web stream that is filled as fast as it is read. */
export class WebSink implements Sink {
  /** The body of the response. */
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined
  #isBlocked = false
  #onDrain: (() => void) | undefined
  #onClose: (() => void) | undefined

  constructor() {
    this.stream = new ReadableStream<Uint8Array<ArrayBuffer>>(
      {
        start: (controller) => {
          this.#controller = controller
        },
        pull: () => {
          this.#pulled()
        },
        cancel: () => {
          this.leave()
        },
      },
      new ByteLengthQueuingStrategy({ highWaterMark: MAX_WAITING_BYTES }),
    )
  }

  write(frames: Uint8Array): 'ok' | 'blocked' {
    if (this.#controller === undefined) return 'blocked'
    this.#controller.enqueue(frames)
    this.#isBlocked = (this.#controller.desiredSize ?? 0) <= 0
    return this.#isBlocked ? 'blocked' : 'ok'
  }

  onDrain(listener: () => void): void {
    this.#onDrain = listener
  }

  onClose(listener: () => void): void {
    this.#onClose = listener
  }

  close(reason: CloseReason): void {
    const controller = this.#controller
    this.#controller = this.#onDrain = this.#onClose = undefined
    // An error drops what waits; a close lets it be read first.
    if (this.#isBlocked || reason === 'lagging') controller?.error(new Error('The stream was cut.'))
    else controller?.close()
  }

  /** The reader left: what waits is dropped. */
  leave(): void {
    const controller = this.#controller
    const onClose = this.#onClose
    this.#controller = this.#onDrain = this.#onClose = undefined
    controller?.error(new Error('The reader left.'))
    onClose?.()
  }

  #pulled(): void {
    if (!this.#isBlocked) return
    this.#isBlocked = false
    this.#onDrain?.()
  }
}
