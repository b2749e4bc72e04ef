import { createServer } from 'node:http'
import { createNumbers, createTopics, port, STREAM_HEADERS } from './topics.mjs'

/**
 * A server on `node:http` alone, with whatever writes to a reader.
 * @param {(response: import('node:http').ServerResponse) => (frame: string) => void} open how a reader is written to
 */
export function servePlain(open) {
  const topics = createTopics()
  const next = createNumbers()
  // A producer that is slow keeps its connection, as it does with ours.
  createServer({ noDelay: true, keepAliveTimeout: 65_000 }, (request, response) => {
    const name = request.url ?? ''
    if (request.method === 'POST') {
      let body = ''
      request.setEncoding('utf8')
      request.on('data', (part) => (body += part))
      request.on('end', () => {
        const frame = `id: ${next(name)}\nevent: token\ndata: ${body}\n\n`
        for (const write of topics.of(name)) write(frame)
        response.writeHead(200, { 'content-length': 2 }).end('ok')
      })
      return
    }
    response.writeHead(200, STREAM_HEADERS)
    response.flushHeaders()
    const write = open(response)
    topics.join(name, write)
    response.on('close', () => topics.leave(name, write))
  }).listen(port, '127.0.0.1', 4_096)
}
