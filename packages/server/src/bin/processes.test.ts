import { readFile } from 'node:fs/promises'
import { startRedisServer, type RedisServer } from '@throughline/log/testing/redis-server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { rawRequest } from '../testing/raw-request.ts'
import { createBinWorld } from './testing/bin-world.ts'

const { startHub, run, token } = createBinWorld()
let redis: RedisServer

beforeAll(async () => {
  redis = await startRedisServer()
})
afterAll(() => redis.dispose())

async function childrenOf(pid: number | undefined): Promise<number[]> {
  const list = await readFile(`/proc/${String(pid)}/task/${String(pid)}/children`, 'utf8')
  return list.trim().split(' ').filter(Boolean).map(Number)
}

test('E6 two processes on one port: both have readers, all have every event, one that dies is replaced', async () => {
  const hub = await startHub({ PROCESSES: '2', REDIS_URL: redis.url })
  const bearer = { authorization: `Bearer ${await token()}` }
  const call = (method: string, path: string, body?: object): Promise<Response> =>
    fetch(`${hub.url}/api/sessions/s1${path}`, {
      method,
      headers: { ...bearer, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  expect((await call('PUT', '')).status).toBe(201)

  const texts = ['', '', '', '']
  const endings: Promise<unknown>[] = []
  await Promise.all(
    texts.map(async (_, at) => {
      const { body } = await fetch(`${hub.url}/api/run_sse/s1`, { headers: bearer })
      const decoder = new TextDecoder()
      const reading = (async () => {
        for await (const bytes of body ?? [])
          texts[at] = `${texts[at] ?? ''}${decoder.decode(bytes, { stream: true })}`
      })()
      // The stream of a process that is killed breaks off.
      endings.push(reading.catch(() => undefined))
    }),
  )
  const allHave = (words: string) => expect.poll(() => texts.every((text) => text.includes(words)))
  await allHave('event: caught_up').toBe(true)
  // Each new connection reaches the next process.
  const counts = await Promise.all(
    [0, 1].map(async () => {
      const { text } = await rawRequest(`${hub.url}/metrics`, {})
      return Number(/^throughline_subscribers (\d+)$/m.exec(text)?.[1])
    }),
  )
  expect(counts[0]).toBeGreaterThan(0)
  expect(counts[0]).toBeLessThan(4)

  const produce = { producerId: 'p', producerSeq: 1, events: [{ type: 'note', data: 'to all' }] }
  expect((await call('POST', '/events', produce)).status).toBe(200)
  await allHave('to all').toBe(true)

  const [first = 0, second = 0] = await childrenOf(hub.child.pid)
  process.kill(first, 'SIGKILL')
  const replaced = async (): Promise<boolean> => {
    const now = await childrenOf(hub.child.pid)
    return now.length === 2 && now.includes(second) && !now.includes(first)
  }
  await expect.poll(replaced).toBe(true)
  const again = { ...produce, producerSeq: 2 }
  await expect
    .poll(() =>
      call('POST', '/events', again).then(
        (answer) => answer.status,
        () => 0,
      ),
    )
    .toBe(200)

  hub.child.kill('SIGTERM')
  expect(await hub.ended).toMatchObject({ code: 0, errors: '' })
  await Promise.all(endings)
  expect(texts.some((text) => text.includes('event: reconnect'))).toBe(true)
}, 60_000)

test('one that cannot listen ends all, and says why', async () => {
  const { code, errors } = await run('hub.ts', {
    PROCESSES: '2',
    REDIS_URL: redis.url,
    PORT: String(redis.port),
  }).ended
  expect(code).toBe(1)
  expect(errors).toContain(`Port ${String(redis.port)} is in use`)
})
