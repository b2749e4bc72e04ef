import { connect, type Socket } from 'node:net'
import { HttpReply, type ReplyListener } from './http-reply.ts'

/** Every read of every connection goes through here: a buffer for each would cost more than its events. */
const shared = Buffer.allocUnsafeSlow(262_144)

/** A connection whose replies are told as they arrive. `onFailure` when it ends without having been asked to. */
export interface Line {
  readonly connected: Promise<void>
  write(text: string): void
  close(): void
}

export function openLine(port: number, listener: ReplyListener, onFailure: (error: Error) => void): Line {
  const reply = new HttpReply(listener)
  let closing = false
  const socket: Socket = connect({
    port,
    host: '127.0.0.1',
    noDelay: true,
    onread: {
      buffer: shared,
      callback(length, bytes) {
        try {
          reply.take((bytes as Buffer).subarray(0, length))
        } catch (error) {
          onFailure(error as Error)
        }
        return true
      },
    },
  })
  socket.on('error', (error) => {
    if (!closing) onFailure(error)
  })
  socket.on('close', () => {
    if (!closing) onFailure(new Error('the server closed a connection'))
  })
  return {
    connected: new Promise((resolve) => socket.once('connect', () => resolve())),
    write: (text) => void socket.write(text, 'latin1'),
    close() {
      closing = true
      socket.destroy()
    },
  }
}
