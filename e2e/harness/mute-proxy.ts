import { once } from 'node:events'
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** An HTTP proxy that can hold streams back, as one that buffers does: status and headers pass, no byte of the body. */
export interface MuteProxy {
  readonly url: string
  /** Streams that begin from now on are held back, or pass. */
  mute(isMute: boolean): void
  /** Ends every stream that is open now. */
  cutStreams(): void
  /** What was asked for, in order: path and query. */
  readonly asked: readonly string[]
  close(): Promise<void>
}

/** A proxy on loopback; requests look to the server as if they had come to it. */
export async function startMuteProxy(target: string): Promise<MuteProxy> {
  const asked: string[] = []
  const streams = new Set<ServerResponse>()
  let isMute = false

  const forward = (incoming: IncomingMessage, answer: ServerResponse): void => {
    const path = incoming.url ?? '/'
    asked.push(path)
    const { host } = new URL(target)
    const origin = incoming.headers.origin === undefined ? {} : { origin: target }
    const headers = { ...incoming.headers, host, ...origin }
    const isHeldBack = isMute && path.startsWith('/api/sse')
    const upstream = request(`${target}${path}`, { method: incoming.method, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers)
      answer.flushHeaders()
      if (path.startsWith('/api/sse')) streams.add(answer)
      if (isHeldBack) response.resume()
      else response.pipe(answer)
    })
    upstream.on('error', () => answer.destroy())
    answer.on('close', () => {
      streams.delete(answer)
      upstream.destroy()
    })
    incoming.pipe(upstream)
  }

  const server = createServer(forward)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${String(port)}`,
    asked,
    mute(muted) {
      isMute = muted
    },
    cutStreams() {
      for (const stream of streams) stream.destroy()
    },
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
