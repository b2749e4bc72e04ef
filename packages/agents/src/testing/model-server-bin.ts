import { startModelServer } from './model-server.ts'

const { env } = process
const server = await startModelServer({
  port: Number(env['PORT'] ?? 4010),
  tokensPerSecond: Number(env['TOKENS_PER_SECOND'] ?? 20),
  tokens: Number(env['TOKENS'] ?? 200),
  ...(env['OPENAI_API_KEY'] === undefined ? {} : { apiKey: env['OPENAI_API_KEY'] }),
})
process.stdout.write(`OPENAI_BASE_URL=${server.url}\n`)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.close())
