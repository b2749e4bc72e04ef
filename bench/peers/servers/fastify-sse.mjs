import sse from '@fastify/sse'
import fastify from 'fastify'
import { createNumbers, createTopics, port } from './topics.mjs'

const app = fastify()
await app.register(sse, { serializer: (/** @type {unknown} */ data) => String(data) })
app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))
app.removeContentTypeParser(['application/json', 'text/plain'])

const topics = createTopics()
const next = createNumbers()

app.get('/streams/:name', { sse: 'only' }, async (request, reply) => {
  const { name } = request.params
  const { sse: stream } = reply
  stream.keepAlive()
  stream.sendHeaders()
  reply.raw.flushHeaders()
  topics.join(name, stream)
  stream.onClose(() => topics.leave(name, stream))
})
app.post('/streams/:name', (request, reply) => {
  const { name } = request.params
  const message = { id: String(next(name)), event: 'token', data: request.body }
  for (const stream of topics.of(name)) void stream.send(message)
  reply.send('ok')
})
await app.listen({ port, host: '127.0.0.1', backlog: 4_096 })
