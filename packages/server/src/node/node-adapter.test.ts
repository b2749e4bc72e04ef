import type { Socket } from 'node:net'
import { testAdapter } from '../hub/testing/adapter-suite.ts'
import { createHubServer } from './hub-server.ts'

testAdapter('node', async (gateway) => {
  const hub = createHubServer({
    gateway,
    fallthrough: (_request, response) => response.end('a page'),
  })
  const sockets = new Set<Socket>()
  hub.server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  const { port } = await hub.listen(0)
  return {
    port,
    measure: () => ({
      waiting: Math.max(0, ...[...sockets].map(({ writableLength }) => writableLength)),
      listeners: [...sockets].reduce(
        (sum, socket) => sum + socket.eventNames().reduce((n, name) => n + socket.listenerCount(name), 0),
        0,
      ),
      sockets: sockets.size,
    }),
    close: () => hub.close(0),
  }
})
