// A hub inside a Node program of your own: your pages beside it, an agent in the same process.
// Run it: node examples/embed.ts   (PORT, default 4100), and open what it prints: script-tag/index.html.
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { createMemoryDriver } from '@throughline/log/memory'
import { createHubService, readConfig, type OwnedRun } from '@throughline/server'
import { createHubServer } from '@throughline/server/node'

const config = readConfig({ ...process.env, PORT: process.env['PORT'] ?? '4100' })
const service = createHubService({
  config,
  driver: createMemoryDriver(),
  keys: config.keys ?? { kind: 'secret', secret: 'a secret for this example, of 32 bytes at least' },
})
const server = createHubServer({
  gateway: service.gateway,
  fallthrough: (request, response) => {
    void page(request.url ?? '/').then(({ type, body }) => {
      response.writeHead(body === undefined ? 404 : 200, { 'content-type': type }).end(body)
    })
  },
})

/** Your own pages. */
async function page(path: string): Promise<{ type: string; body?: Buffer }> {
  const pages = {
    '/': { type: 'text/html', file: new URL('script-tag/index.html', import.meta.url) },
    '/throughline.js': { type: 'text/javascript', file: import.meta.resolve('@throughline/client/browser') },
  }
  const found = Object.entries(pages).find(([name]) => name === path)?.[1]
  return found === undefined
    ? { type: 'text/plain' }
    : { type: found.type, body: await readFile(fileURLToPath(found.file)) }
}

/** The smallest agent there is: it says the question back, word by word. */
async function answer({ runId, input, conversation, writer }: OwnedRun): Promise<void> {
  const messageId = `a_${runId}`
  const scope = { runId, messageId, parentId: input.parentId }
  const asked = conversation.messages.find(({ id }) => id === input.messageId)?.content ?? ''
  await writer.write({ ...scope, type: 'message_started', data: { messageId, role: 'assistant' } })
  const words = `You said: ${asked}`.split(/(?<= )/)
  for (const [index, content] of words.entries()) {
    const data = { messageId, content, isComplete: index === words.length - 1 }
    await writer.write({ ...scope, type: 'message_chunk', data })
  }
  const data = { messageId, sessionId: conversation.sessionId, finalContent: words.join('') }
  await writer.write({ ...scope, type: 'message_completed', data })
  await writer.complete()
}

await service.start()
const { port } = await server.listen(config.port, config.host)
console.log(`http://127.0.0.1:${String(port)}`)

const stopping = new AbortController()
process.once('SIGTERM', () => {
  stopping.abort()
})
while (!stopping.signal.aborted) {
  const run = await service.runs.claim({ waitMs: 10_000, signal: stopping.signal })
  if (run !== undefined) await answer(run).catch((error: unknown) => run.writer.fail(error))
}
await service.drain({ graceMs: 1_000, spreadMs: 100 })
await server.close(1_000)
await service.close()
