import { createServer } from 'node:http'
import { createChannel, createSession } from 'better-sse'
import { port } from './topics.mjs'

/** @type {Map<string, import('better-sse').Channel>} */
const channels = new Map()

function channelOf(/** @type {string} */ name) {
  const channel = channels.get(name) ?? createChannel()
  channels.set(name, channel)
  return channel
}

createServer({ noDelay: true }, (request, response) => {
  const name = request.url ?? ''
  if (request.method === 'POST') {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (part) => (body += part))
    request.on('end', () => {
      channelOf(name).broadcast(body, 'token')
      response.writeHead(200, { 'content-length': 2 }).end('ok')
    })
    return
  }
  // The body is passed on as it is, as everybody else here does.
  void createSession(request, response, { serializer: (data) => String(data) }).then((session) =>
    channelOf(name).register(session),
  )
}).listen(port, '127.0.0.1', 4_096)
