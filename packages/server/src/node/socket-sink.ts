import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { CloseReason, Sink } from '../hub/sink.ts'
import { chunkSize, sharedChunk } from './chunk-framing.ts'

/**
 * Bytes that may wait in this process for one reader. `write() === false` comes at 16 KiB while the kernel still takes
 * megabytes: it says nothing about a reader's speed.
 */
export const MAX_WAITING_BYTES = 262_144

/** How long a reader that left nothing to be wished for may take to accept the last bytes. */
const LINGER_MS = 10_000

/** From here on a copy costs more than a write of several parts. */
const COPY_BYTES = 16_384

/** TCP asks a silent peer after this long, so that half-open connections are found. */
const KEEP_ALIVE_MS = 60_000

/** Frames straight to the socket of an HTTP/1 response whose headers are out, past the response's own machinery. */
export class SocketSink implements Sink {
  readonly #response: ServerResponse
  readonly #socket: Socket
  #isBlocked = false
  #onDrain: (() => void) | undefined
  #onClose: (() => void) | undefined

  constructor(response: ServerResponse, socket: Socket) {
    this.#response = response
    this.#socket = socket
    socket.setKeepAlive(true, KEEP_ALIVE_MS)
    socket.on('drain', this.#drained)
    response.on('close', this.#left)
  }

  write(frames: Uint8Array): 'ok' | 'blocked' {
    const socket = this.#socket
    // The peer is going; 'close' follows.
    if (!socket.writable) return 'blocked'
    if (!this.#response.chunkedEncoding) socket.write(frames)
    else if (frames.length < COPY_BYTES) socket.write(sharedChunk(frames))
    else writeChunk(socket, frames)
    this.#isBlocked = socket.writableLength > MAX_WAITING_BYTES
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
    if (this.#isBlocked || reason === 'lagging') {
      this.#socket.destroy()
      return
    }
    this.#response.end()
    // Node's server destroys a socket that times out, and sets its own timeout once the response is out.
    if (this.#socket.writableLength > 0) this.#socket.setTimeout(LINGER_MS)
  }

  readonly #drained = (): void => {
    if (!this.#isBlocked) return
    this.#isBlocked = false
    this.#onDrain?.()
  }

  readonly #left = (): void => {
    this.#socket.off('drain', this.#drained)
    this.#onClose?.()
  }
}

/** One chunk without copying its frames. */
function writeChunk(socket: Socket, frames: Uint8Array): void {
  socket.cork()
  socket.write(chunkSize(frames), 'latin1')
  socket.write(frames)
  socket.write('\r\n', 'latin1')
  socket.uncork()
}
