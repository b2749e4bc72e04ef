import { connect as connectHttp2 } from 'node:http2'
import { request } from 'node:https'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSseDecoder, type Envelope, type Frame } from '@throughline/protocol'
import { startCluster, type Cluster } from '../harness/cluster.ts'
import { createProducer, messageEvents } from '../harness/producer.ts'
import { readLog } from '../harness/session-log.ts'

/** What the deployment's 60 s are here, with heartbeats that come as often in proportion. */
const IDLE = { 'proxy_read_timeout 60s;': 'proxy_read_timeout 2s;' }
const HEARTBEAT_MS = 500
/** More than fit in the idle time. */
const HEARTBEATS = 10

let cluster: Cluster

beforeAll(async () => {
  cluster = await startCluster({ replace: IDLE, env: { HEARTBEAT_MS: String(HEARTBEAT_MS) } })
})

afterAll(() => cluster?.dispose())

interface Opened {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly envelopes: Envelope[]
  until(test: (envelopes: readonly Envelope[]) => boolean): Promise<void>
  close(): void
}

/** Collects what a stream brings. */
function collector(): {
  push: (bytes: Uint8Array) => void
  fail: (error: Error) => void
  opened: Pick<Opened, 'envelopes' | 'until'>
} {
  const envelopes: Envelope[] = []
  let failure: Error | undefined
  let look: () => void = () => undefined
  const decoder = createSseDecoder({
    onFrame: (frame: Frame) => {
      envelopes.push(JSON.parse(frame.data) as Envelope)
      look()
    },
  })
  return {
    push: (bytes) => decoder.push(bytes),
    fail(error) {
      failure ??= error
      look()
    },
    opened: {
      envelopes,
      until: (holds) =>
        new Promise((resolve, reject) => {
          look = () => {
            if (holds(envelopes)) resolve()
            else if (failure !== undefined) reject(failure)
          }
          look()
        }),
    },
  }
}

function overHttp1(path: string, headers: Record<string, string> = {}): Promise<Opened> {
  return new Promise((resolve, reject) => {
    const { push, fail, opened } = collector()
    const asked = request(`${cluster.nginx.url}${path}`, {
      ca: cluster.nginx.certificate,
      agent: false,
      headers: { authorization: `Bearer ${cluster.backend.token}`, accept: 'text/event-stream', ...headers },
    })
    asked.on('error', reject)
    asked.on('response', (answer) => {
      answer.on('data', push)
      answer.on('error', fail)
      answer.on('close', () => fail(new Error('the stream ended')))
      const { statusCode: status = 0, headers: received } = answer
      resolve({ status, headers: received, ...opened, close: () => asked.destroy() })
    })
    asked.end()
  })
}

const count = (envelopes: readonly Envelope[], type: string): number =>
  envelopes.filter((envelope) => envelope.type === type).length

/** A session made straight at a node: `fetch` knows nothing of the certificate. */
async function session(): Promise<string> {
  return (await cluster.at(0).json<{ id: string }>('POST', '/api/sessions', {})).id
}

test('P1 a stream passes nginx at once: unbuffered, uncompressed though the reader takes gzip, and outlives its idle time', async () => {
  const sessionId = await session()
  const stream = await overHttp1(`/api/sse?sessionId=${sessionId}`, { 'accept-encoding': 'gzip' })
  expect(stream.status).toBe(200)
  expect(stream.headers).toMatchObject({ 'content-type': 'text/event-stream; charset=utf-8' })
  expect(stream.headers).not.toHaveProperty('content-encoding')
  await stream.until((envelopes) => count(envelopes, 'caught_up') === 1)
  // One small event at a time: none of them waits for a buffer to fill.
  const producer = createProducer(cluster.at(1), sessionId)
  for (const [at, event] of messageEvents(sessionId, 'm1', ['a', 'b', 'c']).entries()) {
    await producer.publish([event])
    await stream.until((envelopes) => envelopes.filter(({ id }) => id !== undefined).length > at)
  }
  await stream.until((envelopes) => count(envelopes, 'heartbeat') >= HEARTBEATS)
  stream.close()
})

test('P1 events sent line by line are appended as they come, and the sender is answered at the end', async () => {
  const sessionId = await session()
  const stream = await overHttp1(`/api/sse?sessionId=${sessionId}`)
  const answered = new Promise<string>((resolve, reject) => {
    const sending = request(`${cluster.nginx.url}/api/sessions/${sessionId}/events?producerId=lines`, {
      ca: cluster.nginx.certificate,
      agent: false,
      method: 'POST',
      headers: { authorization: `Bearer ${cluster.backend.token}`, 'content-type': 'application/x-ndjson' },
    })
    sending.on('error', reject)
    sending.on('response', (answer) => {
      let text = ''
      answer.on('data', (bytes: Buffer) => {
        text += bytes.toString()
      })
      answer.on('end', () => resolve(`${answer.statusCode} ${text}`))
    })
    const send = async (): Promise<void> => {
      for (let line = 1; line <= 5; line += 1) {
        sending.write(`${JSON.stringify({ producerSeq: line, type: 'my_line', data: { line } })}\n`)
        // Read by somebody before the next one is sent: the body is still open.
        await stream.until((envelopes) => count(envelopes, 'my_line') === line)
      }
      sending.end()
    }
    send().catch(reject)
  })
  expect(await answered).toMatch(/^200 \{"cursor":/)
  expect(await readLog(cluster.at(2), sessionId)).toHaveLength(5)
  stream.close()
})

test('P2 thirty streams over one HTTP/2 connection get each event, and commands pass beside them', async () => {
  const sessionId = await session()
  const client = connectHttp2(cluster.nginx.url, { ca: cluster.nginx.certificate })
  const headers = { authorization: `Bearer ${cluster.backend.token}` }
  const streams = Array.from({ length: 30 }, () => {
    const { push, fail, opened } = collector()
    const stream = client.request({
      ':path': `/api/sse?sessionId=${sessionId}`,
      accept: 'text/event-stream',
      ...headers,
    })
    stream.on('data', push)
    stream.on('error', fail)
    stream.on('close', () => fail(new Error('the stream ended')))
    return opened
  })
  await Promise.all(streams.map((stream) => stream.until((all) => count(all, 'caught_up') === 1)))
  const posted = client.request({
    ':path': `/api/sessions/${sessionId}/events`,
    ':method': 'POST',
    'content-type': 'application/json',
    ...headers,
  })
  const status = new Promise((resolve, reject) => {
    posted.on('response', (received) => resolve(received[':status']))
    posted.on('error', reject)
  })
  posted.resume()
  posted.end(
    JSON.stringify({ producerId: 'p', producerSeq: 1, events: messageEvents(sessionId, 'm1', ['x']) }),
  )
  expect(await status).toBe(200)
  await Promise.all(streams.map((stream) => stream.until((all) => count(all, 'message_completed') === 1)))
  client.close()
  client.destroy()
})

test('nginx itself: plain http is sent to https, numbers are not for the outside, a node that died is passed over', async () => {
  const metrics = await overHttp1('/metrics')
  expect(metrics.status).toBe(404)
  metrics.close()
  await cluster.nodes[0]?.kill()
  for (let call = 0; call < 6; call += 1) {
    const answer = await overHttp1('/healthz')
    expect(answer.status).toBe(200)
    answer.close()
  }
  await cluster.nodes[0]?.restart()
})
