// A hub inside a Node program of your own: your routes beside it, an agent in the same process.
// Run it: node examples/embed.ts   (PORT, default 4100)
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
  fallthrough: (_request, response) => response.end('Your own pages.\n'),
})

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
