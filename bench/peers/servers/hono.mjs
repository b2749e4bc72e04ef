import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import { createNumbers, createTopics, port } from './topics.mjs'

const topics = createTopics()
const next = createNumbers()
const app = new Hono()

app.get('/streams/:name', (context) =>
  streamSSE(context, async (stream) => {
    const name = context.req.param('name')
    topics.join(name, stream)
    await new Promise((resolve) => stream.onAbort(() => resolve(undefined)))
    topics.leave(name, stream)
  }),
)
app.post('/streams/:name', async (context) => {
  const name = context.req.param('name')
  const message = { id: String(next(name)), event: 'token', data: await context.req.text() }
  for (const stream of topics.of(name)) void stream.writeSSE(message)
  return context.text('ok')
})
serve({ fetch: app.fetch, port, hostname: '127.0.0.1' })
