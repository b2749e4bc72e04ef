import type { ServerResponse } from 'node:http'
import type { CloseReason, Sink } from '../hub/sink.ts'
import { MAX_WAITING_BYTES } from './socket-sink.ts'

/** Frames through the response's own `write`: HTTP/2, pipelined requests, responses that somebody wrapped. */
export class ResponseSink implements Sink {
  readonly #response: ServerResponse
  #isBlocked = false
  #onDrain: (() => void) | undefined
  #onClose: (() => void) | undefined

  constructor(response: ServerResponse) {
    this.#response = response
    // Both listeners live and die with the response.
    response.on('drain', this.#drained)
    response.on('close', this.#left)
    // A wrapped response may report a peer that left as an error; 'close' follows.
    response.on('error', ignore)
  }

  write(frames: Uint8Array): 'ok' | 'blocked' {
    const response = this.#response
    if (response.destroyed || response.writableEnded) return 'blocked'
    const isFull = !response.write(frames)
    // HTTP/2 responses do not tell how much is waiting.
    this.#isBlocked = isFull && !(response.writableLength <= MAX_WAITING_BYTES)
    return this.#isBlocked ? 'blocked' : 'ok'
  }

  onDrain(listener: () => void): void {
    this.#onDrain = listener
  }

  onClose(listener: () => void): void {
    this.#onClose = listener
  }

  close(reason: CloseReason): void {
    this.#onClose = this.#onDrain = undefined
    if (this.#isBlocked || reason === 'lagging') this.#response.destroy()
    else this.#response.end()
  }

  readonly #drained = (): void => {
    if (!this.#isBlocked) return
    this.#isBlocked = false
    this.#onDrain?.()
  }

  readonly #left = (): void => {
    this.#onClose?.()
  }
}

const ignore = (): void => undefined
