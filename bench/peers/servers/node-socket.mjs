import { servePlain } from './plain.mjs'

let lastFrame = ''
let lastChunk = Buffer.alloc(0)

/** A frame as one chunk of the response, made once for all readers. */
function chunkOf(/** @type {string} */ frame) {
  if (frame !== lastFrame) {
    lastFrame = frame
    lastChunk = Buffer.from(`${Buffer.byteLength(frame).toString(16)}\r\n${frame}\r\n`)
  }
  return lastChunk
}

servePlain((response) => {
  const { socket } = response
  return (frame) => socket?.write(chunkOf(frame))
})
