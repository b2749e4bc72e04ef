// Follows a session from a terminal, through any number of cuts, and prints the answers as they are written.
// Run it: HUB_URL=http://127.0.0.1:4000 TOKEN=… node examples/follow.ts SESSION [QUESTION]
import { createStreamClient } from '@throughline/client'

const [sessionId, question] = process.argv.slice(2)
const { HUB_URL = 'http://127.0.0.1:4000', TOKEN } = process.env
if (sessionId === undefined || TOKEN === undefined) {
  console.error('Usage: TOKEN=… node examples/follow.ts SESSION [QUESTION]')
  process.exit(1)
}

const client = createStreamClient({ baseUrl: HUB_URL, getToken: () => TOKEN, share: 'off' })
if (question !== undefined) await client.createSession({ id: sessionId })

const session = client.session(sessionId)
session.on('message_chunk', ({ data }) => process.stdout.write(data.content))
session.on('message_completed', () => process.stdout.write('\n'))
session.on('run_completed', () => {
  if (question !== undefined) client.close()
})
session.connection.subscribe(() => {
  const { status, attempt, error } = session.connection.getSnapshot()
  if (status === 'waiting') console.error(`(reconnecting, attempt ${String(attempt)})`)
  if (status === 'failed') {
    console.error(error?.message)
    process.exitCode = 1
    client.close()
  }
})
if (question !== undefined) await session.send({ content: question })
