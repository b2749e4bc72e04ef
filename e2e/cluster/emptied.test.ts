import { afterAll, beforeAll, expect, test } from 'vitest'
import { startCluster, type Cluster } from '../harness/cluster.ts'
import { follow } from '../harness/follower.ts'
import { expectExact } from '../harness/oracle.ts'
import { createProducer, messageEvents } from '../harness/producer.ts'

const SESSIONS = 10
const READERS = 3

let cluster: Cluster

beforeAll(async () => {
  cluster = await startCluster({ tls: false, redisSettings: [] })
})

afterAll(() => cluster?.dispose())

const ids = Array.from({ length: SESSIONS }, (_, at) => `emptied${at}`)

/** Fills every session with as many events, so that each offset of before is there again. */
async function fill(text: string): Promise<void> {
  await Promise.all(
    ids.map(async (id) => {
      await cluster.backend.json('PUT', `/api/sessions/${id}`, {})
      await createProducer(cluster.backend, id, { id: `p_${text}` }).publish(
        messageEvents(id, `m_${text}`, [text]),
      )
    }),
  )
}

test.each([
  ['by a command', () => cluster.redis.command('FLUSHALL')],
  [
    'by a restart without files',
    async () => {
      await cluster.redis.kill()
      await cluster.redis.restart()
    },
  ],
])(
  'E1 Redis emptied in flight %s: every client is told, resets once its session is there again, and folds to what is there',
  async (how, empty) => {
    await fill(`before-${how.length}`)
    const readers = await Promise.all(
      ids.flatMap((id) =>
        Array.from({ length: READERS }, () =>
          // A session that is not there is one that never was.
          follow(cluster.backend, id, { forgive: [404], retryMs: 200 }),
        ),
      ),
    )
    await Promise.all(readers.map((reader) => reader.until(({ state }) => state.messages.length >= 1)))
    await empty()
    await Promise.all(readers.map((reader) => reader.until(({ closes }) => closes.includes('not_found'))))
    await fill(`after-${how.length}`)
    await Promise.all(readers.map((reader) => reader.until(({ resets }) => resets.length > 0)))
    for (const reader of readers) {
      await expectExact(cluster.backend, reader)
      expect(reader.resets).toEqual(['epoch'])
      expect(reader.state.messages.map(({ content }) => content)).toEqual([`after-${how.length}`])
    }
  },
)
