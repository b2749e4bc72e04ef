import { startRedisServer, type RedisServer } from '@throughline/log/testing/redis-server'
import type { CommandAccepted } from '@throughline/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startPostgres, type PostgresServer } from '../../apps/web/server/database/testing/postgres-server.ts'
import { apiUser, guest, serverState, type ApiUser } from '../harness/api.ts'
import { startApp, type RunningApp } from '../harness/app.ts'

const PATIENCE = { timeout: 60_000, interval: 100 }
const CENSUS = `# Quokka census

Rangers walk the island in March and write down every burrow that they find.

The quokka census counts 412 animals on the southern shore after midnight.
`
const QUESTION = 'How many animals does the quokka census count?'

let redis: RedisServer
let postgres: PostgresServer
let nodes: readonly RunningApp[] = []

beforeAll(async () => {
  ;[redis, postgres] = await Promise.all([startRedisServer('--appendonly', 'yes'), startPostgres()])
  const env = {
    REDIS_URL: redis.url,
    DATABASE_URL: await postgres.createDatabase(),
    JWT_SECRET: 'a secret that all nodes of a test share, long enough',
  }
  nodes = await Promise.all([startApp(env), startApp(env)])
})

afterAll(async () => {
  await Promise.all(nodes.map((node) => node.dispose()))
  await redis?.dispose()
  await postgres?.close()
})

/** Asks at one node, and reads the answer there once the run is over. */
async function answered(user: ApiUser, sessionId: string): Promise<{ content: string; quotes: string[] }> {
  await user.json('PUT', `/api/sessions/${sessionId}`, {})
  const asked = { content: QUESTION, clientMessageId: 'm1' }
  await user.json<CommandAccepted>('POST', `/api/sessions/${sessionId}/messages`, asked)
  await expect
    .poll(async () => (await serverState(user, sessionId)).runs.at(-1)?.status, PATIENCE)
    .toBe('completed')
  const { content = '', citations = [] } = (await serverState(user, sessionId)).messages.at(-1) ?? {}
  return { content, quotes: citations.map(({ quote }) => quote) }
}

test('E6 a document added at one app node is found and cited at another, and removed there it is gone everywhere', async () => {
  const [one, two] = nodes.map(({ url }) => url)
  const atOne = await guest(one ?? '')
  const atTwo = apiUser(two ?? '', atOne.token)
  // Ready is a node that was just started for the first time once it answers for all that it is to serve.
  for (const user of [atOne, atTwo]) {
    expect(await user.json('GET', '/api/library')).toMatchObject({ documents: [] })
  }
  const added = await fetch(`${one ?? ''}/api/library/documents?name=census.md`, {
    method: 'POST',
    headers: { authorization: `Bearer ${atOne.token}`, 'content-type': 'application/octet-stream' },
    body: CENSUS,
  })
  expect(added.status).toBe(202)
  const { id } = ((await added.json()) as { document: { id: string } }).document
  const statusAt = async (user: ApiUser): Promise<string> =>
    (await user.json<{ document: { status: string } }>('GET', `/api/library/documents/${id}/status`)).document
      .status
  // Any node may take the run: each has to have read it.
  for (const user of [atOne, atTwo]) await expect.poll(() => statusAt(user), PATIENCE).toBe('ready')

  const answer = await answered(atTwo, 'asked-at-two')
  expect(answer.content).toContain('412 animals')
  expect(answer.quotes.some((quote) => quote.includes('412'))).toBe(true)

  expect((await atTwo.request('DELETE', `/api/library/documents/${id}`)).status).toBe(204)
  for (const user of [atOne, atTwo]) {
    expect(await user.json('GET', '/api/library')).toMatchObject({ documents: [] })
    expect((await user.request('GET', `/api/library/documents/${id}`)).status).toBe(404)
  }
  expect((await answered(atOne, 'asked-again')).content).not.toContain('412 animals')
})
