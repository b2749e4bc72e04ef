const CRLF_LENGTH = 2

/** The line that begins a chunk. */
export function chunkSize(frames: Uint8Array): string {
  return `${frames.length.toString(16)}\r\n`
}

/** Frames as one chunk of `Transfer-Encoding: chunked`. */
export function frameChunk(frames: Uint8Array): Buffer {
  const size = chunkSize(frames)
  const start = size.length
  const chunk = Buffer.allocUnsafe(start + frames.length + CRLF_LENGTH)
  chunk.write(size, 0, 'latin1')
  chunk.set(frames, start)
  chunk.write('\r\n', start + frames.length, 'latin1')
  return chunk
}

let lastFrames: Uint8Array | undefined
let lastChunk: Buffer | undefined

/**
 * `frameChunk`, made once when the same object is written to many readers in a row, as the hub does. Holds on to
 * one chunk.
 */
export function sharedChunk(frames: Uint8Array): Buffer {
  if (lastChunk === undefined || lastFrames !== frames) {
    lastFrames = frames
    lastChunk = frameChunk(frames)
  }
  return lastChunk
}
