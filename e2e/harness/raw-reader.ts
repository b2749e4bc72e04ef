import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { ApiUser } from './api.ts'

/** A socket that asked for a session's stream and reads nothing unless somebody resumes it. */
export async function openSilentReader(user: ApiUser, sessionId: string, after?: string): Promise<Socket> {
  const { hostname, port } = new URL(user.url)
  const socket = connect(Number(port), hostname)
  // Being cut off is what happens to it in the end.
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  const query = after === undefined ? '' : `?after=${after}`
  socket.write(
    `GET /api/run_sse/${sessionId}${query} HTTP/1.1\r\nHost: ${hostname}:${port}\r\n` +
      `Authorization: Bearer ${user.token}\r\nAccept: text/event-stream\r\n\r\n`,
  )
  return socket
}
