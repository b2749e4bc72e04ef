import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { Readable } from 'node:stream'
import { once } from 'node:events'
import { testAdapter } from '../hub/testing/adapter-suite.ts'
import { createFetchHandler, type FetchHandler } from './fetch-handler.ts'

testAdapter('fetch', async (gateway) => {
  const handle = createFetchHandler(gateway)
  const server = createServer((request, response) => {
    serve(handle, request, response).catch(() => response.destroy())
  })
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    measure: () => ({
      waiting: Math.max(0, ...[...sockets].map(({ writableLength }) => writableLength)),
      listeners: 0,
      sockets: sockets.size,
    }),
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
})

/** What a Fetch-API server on Node does: request in, response out, reading only as fast as the peer does. */
async function serve(
  handle: FetchHandler,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const abort = new AbortController()
  outgoing.on('close', () => {
    if (!outgoing.writableFinished) abort.abort()
  })
  const { method = 'GET', url = '/', headers } = incoming
  const hasBody = method !== 'GET' && method !== 'HEAD'
  const request = new Request(`http://hub.test${url}`, {
    method,
    headers: Object.entries(headers).map(([name, value]) => [name, String(value)] as [string, string]),
    signal: abort.signal,
    ...(hasBody && { body: Readable.toWeb(incoming) as ReadableStream<Uint8Array>, duplex: 'half' }),
  })
  const response = (await handle(request, { remoteAddress: '127.0.0.1' })) ?? new Response('a page')
  outgoing.writeHead(response.status, [...response.headers].flat())
  if (response.body === null) {
    outgoing.end()
    return
  }
  const reader = response.body.getReader()
  outgoing.on('close', () => void reader.cancel().catch(() => undefined))
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    if (!outgoing.write(part.value)) await once(outgoing, 'drain', { signal: abort.signal })
  }
  outgoing.end()
}
