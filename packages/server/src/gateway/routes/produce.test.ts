import { request } from 'node:http'
import { openEnvelope } from '@throughline/log'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createTestClock, type TestClock } from '../../testing/clock.ts'
import { startService, type TestAnswer, type TestService } from '../../testing/service.ts'
import { isType, openStream } from '../../testing/stream.ts'
import { dig } from '../../testing/dig.ts'
import { fieldsOf } from '../../fields.ts'

let clock: TestClock
let hub: TestService
let epoch: string

beforeEach(async () => {
  clock = createTestClock()
  hub = await startService({ now: clock.now, timers: clock.timers, env: { MAX_EVENT_BYTES: '4096' } })
  await hub.call('PUT', '/api/sessions/s1')
  epoch = (await hub.service.log.head('s1')).epoch
})
afterEach(() => hub.close())

const SCOPE = { as: 'backend', scope: 'publish' }
const note = (n: number) => ({ type: 'note', data: { n } })
const publish = (body: Readonly<Record<string, unknown>>): Promise<TestAnswer> =>
  hub.call('POST', '/api/sessions/s1/events', {
    ...SCOPE,
    body: { producerId: 'p', producerSeq: 1, events: [note(1)], ...body },
  })

/** Types and data in the log, from the first. */
async function stored(): Promise<unknown[]> {
  const page = await hub.driver.read('s1', 'start')
  return page.events
    .map((event) => openEnvelope(event, page.epoch))
    .map(({ type, data }) => dig(data, 'n') ?? type)
}

async function claimRun(): Promise<{ runId: string; fence: number; sessionId: string }> {
  await hub.call('POST', '/api/sessions/s1/messages', { body: { content: 'Hi', clientMessageId: 'm1' } })
  const run = (await hub.call('POST', '/api/runs/claim', SCOPE)).json
  return { runId: String(run['runId']), fence: Number(run['fence']), sessionId: String(run['sessionId']) }
}

describe('a batch', () => {
  test('is appended in order and answered with the cursor behind it', async () => {
    const first = await publish({ events: [note(1), note(2)] })
    expect([first.status, first.json]).toEqual([200, { cursor: `${epoch}-2` }])
    expect((await publish({ producerSeq: 2, events: [note(3)] })).json).toEqual({ cursor: `${epoch}-3` })
    expect(await stored()).toEqual([1, 2, 3])
  })

  test('L7 sent again after a time-out is appended once and answered the same', async () => {
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => publish({})))
    await publish({ producerId: 'other' })
    answers.push(await publish({ events: [note(99)] }))
    expect(new Set(answers.map(({ status, text }) => `${String(status)} ${text}`))).toEqual(
      new Set([`200 {"cursor":"${epoch}-1"}`]),
    )
    expect(await stored()).toEqual([1, 1])
  })

  test('L8 behind a gap is refused whole', async () => {
    await publish({})
    const gap = await publish({ producerSeq: 3, events: [note(3), note(4)] })
    expect([gap.status, gap.json['code']]).toEqual([409, 'conflict'])
    expect(await stored()).toEqual([1])
    expect((await publish({ producerSeq: 2, events: [note(2)] })).status).toBe(200)
  })

  test('with one bad event is refused whole and named', async () => {
    const answer = await publish({ events: [note(1), { type: 'message_chunk', data: { messageId: 'm' } }] })
    expect([answer.status, answer.json['detail']]).toEqual([400, expect.stringContaining('events[1]')])
    expect(await stored()).toEqual([])
  })

  test.each([
    ['of no events', { events: [] }],
    ['of too many', { events: Array.from({ length: 1_001 }, () => note(1)) }],
    ['without a producer', { producerId: undefined }],
    ['of a producer with the server’s own name', { producerId: '__m_m1' }],
    ['numbered 0', { producerSeq: 0 }],
    ['with a fence of no run', { fence: 1 }],
    [
      'that queues a run',
      { events: [{ type: 'run_queued', data: { runId: 'r', kind: 'message', messageId: 'm' } }] },
    ],
    [
      'that starts a run',
      { events: [{ type: 'run_started', data: { runId: 'r', attempt: 1, kind: 'message' } }] },
    ],
    ['that speaks for the hub', { events: [{ type: 'reset', data: { reason: 'epoch', head: 'x' } }] }],
  ])('%s is refused', async (_, body) => {
    expect((await publish(body)).status).toBe(400)
    expect(await stored()).toEqual([])
  })

  test('by another name of an error is stored under the one name', async () => {
    const data = { code: 'x', message: 'y', retryable: false }
    await publish({ events: [{ type: 'error_event', data }] })
    expect(await stored()).toEqual(['error_occurred'])
  })

  test('of ephemeral events is told, counted and not stored', async () => {
    const stream = await openStream(hub, '/api/sse?sessionId=s1')
    await stream.until(isType('caught_up'))
    const typing = { type: 'typing_indicator', data: { isTyping: true } }
    expect((await publish({ events: [typing] })).json).toEqual({ cursor: `${epoch}-0` })
    expect((await stream.until(isType('typing_indicator'))).id).toBeUndefined()
    expect((await publish({ events: [typing] })).status).toBe(200)
    expect(await stored()).toEqual([])
    stream.leave()
  })

  test('to a deleted or unknown session is refused', async () => {
    expect((await hub.call('POST', '/api/sessions/nobodys/events', { ...SCOPE, body: {} })).status).toBe(404)
    await hub.call('DELETE', '/api/sessions/s1')
    expect((await publish({})).status).toBe(410)
  })
})

test('a producer can ask how far it got', async () => {
  const ask = (id: string) => hub.call('GET', `/api/sessions/s1/producers/${id}`, SCOPE)
  expect((await ask('p')).json).toEqual({ producerId: 'p', producerSeq: 0, cursor: `${epoch}-0` })
  await publish({})
  await publish({ producerSeq: 2 })
  await publish({ producerId: 'other' })
  expect((await ask('p')).json).toEqual({ producerId: 'p', producerSeq: 2, cursor: `${epoch}-2` })
})

describe('under a fence', () => {
  test('the events are of the run, and its terminal event ends it, once', async () => {
    const run = await claimRun()
    const done = { type: 'run_completed', data: { runId: run.runId, status: 'completed' } }
    expect((await publish({ ...run, sessionId: undefined, events: [note(1)] })).status).toBe(200)
    expect((await publish({ ...run, producerSeq: 2, events: [note(2), done] })).status).toBe(200)
    expect(await stored()).toEqual(['user_message', 'run_queued', 'run_started', 1, 2, 'run_completed'])
    expect((await hub.driver.leases.get('s1', run.runId))?.phase).toBe('ended')
    const page = await hub.driver.read('s1', 'start')
    expect(page.events[3]?.body).toContain(`"runId":"${run.runId}"`)
    // L6: the answer was lost, and the run has ended by then.
    expect((await publish({ ...run, producerSeq: 2, events: [note(2), done] })).status).toBe(200)
    expect((await publish({ ...run, producerSeq: 3 })).status).toBe(409)
    expect((await publish({ ...run, producerId: 'q', events: [done] })).status).toBe(409)
    expect(await stored()).toHaveLength(6)
  })

  test('L8 a stale one is refused', async () => {
    const run = await claimRun()
    await hub.call('POST', `/api/sessions/s1/runs/${run.runId}/release`, {
      ...SCOPE,
      body: { fence: run.fence },
    })
    const queued = await publish({ ...run })
    const next = (await hub.call('POST', '/api/runs/claim', SCOPE)).json
    expect(next['fence']).toBe(run.fence + 1)
    const stale = await publish({ ...run })
    expect([queued.status, stale.status, stale.json['code']]).toEqual([409, 409, 'conflict'])
    expect((await publish({ ...run, fence: next['fence'] })).status).toBe(200)
  })

  test('nothing is said of another run, and nothing behind the end', async () => {
    const run = await claimRun()
    const done = { type: 'run_completed', data: { runId: run.runId, status: 'completed' } }
    const other = { type: 'run_completed', data: { runId: 'other', status: 'completed' } }
    for (const events of [[{ ...note(1), runId: 'other' }], [done, note(1)], [other]]) {
      expect((await publish({ ...run, events })).status).toBe(400)
    }
    expect((await hub.driver.leases.get('s1', run.runId))?.phase).toBe('leased')
  })

  test('and only there: who has no fence writes nothing about a leased run, and ends none', async () => {
    const { runId } = await claimRun()
    const done = { type: 'run_completed', runId, data: { runId, status: 'completed' } }
    for (const body of [
      { runId },
      { events: [{ ...note(1), runId }] },
      { events: [done] },
      { runId: 'x', events: [done] },
    ]) {
      expect((await publish(body)).status).toBe(409)
    }
    expect((await publish({ events: [{ ...note(1), runId: 'of_a_bridge' }] })).status).toBe(200)
  })
})

describe('NDJSON', () => {
  interface Upload {
    write(text: string): void
    end(): void
    readonly answer: Promise<{ status: number; json: Record<string, unknown> }>
  }

  async function upload(query = 'producerId=p'): Promise<Upload> {
    const headers = {
      authorization: `Bearer ${await hub.token('backend', 'publish')}`,
      'content-type': 'application/x-ndjson',
    }
    const outgoing = request(`${hub.url}/api/sessions/s1/events?${query}`, { method: 'POST', headers })
    const answer = new Promise<{ status: number; json: Record<string, unknown> }>((resolve, reject) => {
      outgoing.on('error', reject)
      outgoing.on('response', (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => (text += chunk))
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, json: fieldsOf(JSON.parse(text)) })
        })
      })
    })
    answer.catch(() => undefined)
    return {
      answer,
      write: (text) => outgoing.write(text),
      end: () => outgoing.end(),
    }
  }

  const line = (seq: number, event: object = note(seq)): string =>
    `${JSON.stringify({ ...event, producerSeq: seq })}\n`

  test('lines are appended as they arrive, cut anywhere, and the end is answered', async () => {
    const { write, end, answer } = await upload()
    const text = [1, 2, 3].map((seq) => line(seq, { type: 'note', data: { n: seq, é: '…' } })).join('\r\n\n')
    write(text.slice(0, 10))
    await expect.poll(() => stored()).toEqual([])
    write(text.slice(10, 70))
    await expect.poll(() => stored()).toEqual([1])
    write(text.slice(70))
    await expect.poll(() => stored()).toEqual([1, 2, 3])
    write(line(4).trimEnd())
    end()
    expect(await answer).toEqual({ status: 200, json: { cursor: `${epoch}-4`, producerSeq: 4 } })
  })

  test('thousands of lines keep their order', async () => {
    const { write, end, answer } = await upload()
    for (let seq = 1; seq <= 3_000; seq++) write(line(seq))
    end()
    expect(await answer).toEqual({ status: 200, json: { cursor: `${epoch}-3000`, producerSeq: 3_000 } })
    const page = await hub.driver.read('s1', 'start', { maxEvents: 4_000, maxBytes: 1e8 })
    expect(page.events.map(({ body }) => dig(JSON.parse(body), 'data', 'n'))).toEqual(
      Array.from({ length: 3_000 }, (_, i) => i + 1),
    )
  })

  test('L7 lines that come together are one step of the log, and those that came before are left out', async () => {
    const { append } = hub.driver
    let steps = 0
    hub.driver.append = (batch) => {
      steps += 1
      return append(batch)
    }
    const seqs = (from: number, through: number): string =>
      Array.from({ length: through - from + 1 }, (_, at) => line(from + at)).join('')
    const first = await upload()
    first.write(seqs(1, 40))
    await expect.poll(async () => (await stored()).length).toBe(40)
    expect(steps).toBeLessThan(20)
    const again = await upload()
    again.write(seqs(20, 50))
    again.end()
    expect(await again.answer).toEqual({ status: 200, json: { cursor: `${epoch}-50`, producerSeq: 50 } })
    expect(await stored()).toEqual(Array.from({ length: 50 }, (_, at) => at + 1))
    first.end()
    expect((await first.answer).json).toEqual({ cursor: `${epoch}-40`, producerSeq: 40 })
  })

  test('L7 a stream that broke off goes on where the producer is told it stood', async () => {
    const first = await upload()
    first.write(line(1) + line(2))
    await expect.poll(() => stored()).toEqual([1, 2])
    const second = await upload()
    for (const seq of [1, 2, 3]) second.write(line(seq))
    second.end()
    expect((await second.answer).json).toEqual({ cursor: `${epoch}-3`, producerSeq: 3 })
    expect(await stored()).toEqual([1, 2, 3])
    first.end()
    await first.answer
  })

  test('L8 lines of runs that nobody owns, and of none, keep their order', async () => {
    const { write, end, answer } = await upload()
    write(line(1, { ...note(1), runId: 'r' }) + line(2) + line(3, { ...note(3), runId: 's' }) + line(4))
    end()
    expect(await answer).toEqual({ status: 200, json: { cursor: `${epoch}-4`, producerSeq: 4 } })
    expect(await stored()).toEqual([1, 2, 3, 4])
  })

  test('L8 a gap ends it with what was before the gap appended', async () => {
    const { write, end, answer } = await upload()
    write(line(1) + line(2) + line(4) + line(5))
    end()
    expect((await answer).status).toBe(409)
    expect(await stored()).toEqual([1, 2])
  })

  test('L8 a refused line is answered though its sender is quiet from then on', async () => {
    const { write, answer } = await upload()
    write(line(1))
    await expect.poll(() => stored()).toEqual([1])
    write(line(3))
    expect((await answer).status).toBe(409)
  })

  test.each([
    ['a line that is no JSON', '{"type":\n', 400],
    ['a line without a number', '{"type":"note","data":1}\n', 400],
    ['a line over the limit', `{"type":"note","data":"${'x'.repeat(5_000)}`, 413],
  ])('%s ends it', async (_, bad, status) => {
    const { write, end, answer } = await upload()
    write(line(1) + line(2) + bad)
    expect((await answer).status).toBe(status)
    end()
    await expect.poll(() => stored()).toEqual([1, 2])
  })

  test('is answered when what was read before the bad line is in the log', async () => {
    const { append } = hub.driver
    hub.driver.append = async (batch) => {
      await new Promise((resolve) => setTimeout(resolve, 20))
      return await append(batch)
    }
    const { write, answer } = await upload()
    write(`${line(1)}{bad\n`)
    expect((await answer).status).toBe(400)
    expect(await stored()).toEqual([1])
  })

  test('needs to say who sends', async () => {
    for (const query of [
      '',
      'producerId=a%20b',
      'producerId=__m',
      'producerId=p&fence=x&runId=r',
      'producerId=p&fence=1',
    ]) {
      const { write, end, answer } = await upload(query)
      write(line(1))
      end()
      expect([query, (await answer).status]).toEqual([query, 400])
    }
  })

  test('of a run ends with the run', async () => {
    const { runId, fence } = await claimRun()
    const { write, answer, end } = await upload(`producerId=p&runId=${runId}&fence=${String(fence)}`)
    write(line(1))
    await expect.poll(async () => (await stored()).at(-1)).toBe(1)
    await hub.call('POST', `/api/sessions/s1/runs/${runId}/cancel`)
    write(line(2))
    end()
    expect((await answer).status).toBe(409)
    expect((await stored()).at(-1)).toBe('run_completed')
  })

  test('ends after it was quiet for too long, however long it lasted before', async () => {
    const { write, answer } = await upload()
    for (let seq = 1; seq <= 3; seq++) {
      write(line(seq))
      await expect.poll(async () => (await stored()).length).toBe(seq)
      await clock.pass(20_000)
    }
    const before = clock.timers.pending
    expect(before).toBeGreaterThan(0)
    await clock.pass(60_000)
    const { status, json } = await answer
    expect([status, json['code']]).toEqual([408, 'network_error'])
    expect(await stored()).toEqual([1, 2, 3])
  })

  test('A3 ends with its token, though it began before', async () => {
    const { write, answer } = await upload()
    write(line(1))
    await expect.poll(() => stored()).toEqual([1])
    await clock.pass(50_000)
    write(line(2))
    await expect.poll(() => stored()).toEqual([1, 2])
    await clock.pass(11_000)
    write(line(3))
    expect((await answer).status).toBe(401)
    expect(await stored()).toEqual([1, 2])
  })

  test('is told to come back when the server goes down', async () => {
    const { write, answer } = await upload()
    write(line(1))
    await expect.poll(() => stored()).toEqual([1])
    await hub.service.drain({ graceMs: 0, spreadMs: 0 })
    expect((await answer).status).toBe(503)
  })
})
