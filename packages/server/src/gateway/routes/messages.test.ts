import type { ConversationState, Envelope, MessagePage } from '@throughline/protocol'
import { openEnvelope } from '@throughline/log'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startService, type TestAnswer, type TestService } from '../../testing/service.ts'

let hub: TestService

beforeEach(async () => {
  hub = await startService()
  await hub.call('PUT', '/api/sessions/s1')
})
afterEach(() => hub.close())

const post = (path: string, body?: unknown, headers = {}): Promise<TestAnswer> =>
  hub.call('POST', `/api/sessions/s1${path}`, { headers, ...(body !== undefined && { body }) })
const send = (clientMessageId: string, more: Readonly<Record<string, unknown>> = {}) =>
  post('/messages', { content: `Question ${clientMessageId}`, clientMessageId, ...more })

async function events(): Promise<Envelope[]> {
  const page = await hub.driver.read('s1', 'start')
  return page.events.map((event) => openEnvelope(event, page.epoch))
}

async function state(): Promise<ConversationState> {
  return (await hub.call('GET', '/api/sessions/s1')).json['state'] as ConversationState
}

/** Plays the worker of the next run: a partial answer, then the end that is asked for. */
async function answer(end?: 'completed' | 'failed'): Promise<string> {
  const run = await hub.service.runs.claim({ waitMs: 0, signal: new AbortController().signal })
  if (run === undefined) throw new Error('nothing was queued')
  const messageId = `a_${run.runId}`
  const { parentId } = run.input
  await run.writer.write({
    type: 'message_started',
    messageId,
    parentId,
    data: { messageId, role: 'assistant' },
  })
  await run.writer.write({ type: 'message_chunk', data: { messageId, content: 'Some', isComplete: false } })
  if (end === 'failed') await run.writer.fail(new Error('secret'))
  if (end !== 'completed') return messageId
  const data = { messageId, sessionId: 's1', finalContent: 'Something' }
  await run.writer.write({ type: 'message_completed', data })
  await run.writer.complete()
  return messageId
}

describe('sending a message', () => {
  test('writes it and the run that answers it in one step, and titles the session by its first line', async () => {
    const accepted = await send('m1', { content: 'What is SSE?\nIn one line.' })
    const { epoch } = await hub.service.log.head('s1')
    expect([accepted.status, accepted.json]).toEqual([
      202,
      { messageId: 'm1', runId: 'r_m1', cursor: `${epoch}-2` },
    ])
    expect((await events()).map(({ type, data }) => [type, data])).toEqual([
      ['user_message', { messageId: 'm1', content: 'What is SSE?\nIn one line.', clientMessageId: 'm1' }],
      ['run_queued', { runId: 'r_m1', kind: 'message', messageId: 'm1' }],
    ])
    expect(await state()).toMatchObject({ title: 'What is SSE?', runs: [{ id: 'r_m1', status: 'queued' }] })
    const list = await hub.call('GET', '/api/sessions')
    expect(list.json['sessions']).toMatchObject([{ title: 'What is SSE?', active: true }])
    const lease = await hub.driver.leases.get('s1', 'r_m1')
    expect(lease).toMatchObject({
      phase: 'queued',
      run: { userId: 'ada', input: { messageId: 'm1', parentId: 'm1' } },
    })
  })

  test('again, and many times at once, answers the same and does it once', async () => {
    const first = await Promise.all(Array.from({ length: 10 }, () => send('m1')))
    await send('m2')
    const later = await send('m1', { content: 'Something else', parentId: 'nobody' })
    expect(new Set([...first, later].map(({ status, text }) => `${String(status)} ${text}`)).size).toBe(1)
    expect((await events()).map(({ messageId, type }) => messageId ?? type)).toEqual([
      'm1',
      'run_queued',
      'm2',
      'run_queued',
    ])
  })

  test('hangs it under the newest message, or where it is told', async () => {
    await send('m1')
    const answered = await answer('completed')
    await send('m2')
    await send('m3', { parentId: answered })
    await send('m4', { parentId: null })
    const parents = (await state()).messages.map(({ id, parentId }) => [id, parentId])
    expect(parents).toEqual([
      ['m1', null],
      [answered, 'm1'],
      ['m2', answered],
      ['m3', answered],
      ['m4', null],
    ])
  })

  test('under the id of another message is a conflict', async () => {
    await send('m1')
    const answered = await answer('completed')
    expect((await send(answered)).status).toBe(409)
  })

  test('is refused while too many wait, and not taken for a repeat afterwards', async () => {
    for (let n = 0; n < 200; n++) await send(`m${String(n)}`)
    const refused = await send('late')
    expect([refused.status, refused.json['code']]).toEqual([429, 'rate_limited'])
    expect((await send('m7')).status).toBe(202)
    await post('/runs/r_m0/cancel')
    expect((await send('late')).status).toBe(202)
  })

  test('during a run queues behind it', async () => {
    await send('m1')
    await send('m2')
    const signal = new AbortController().signal
    const first = await hub.service.runs.claim({ waitMs: 0, signal })
    expect(first?.runId).toBe('r_m1')
    expect(await hub.service.runs.claim({ waitMs: 0, signal })).toBeUndefined()
    const waiting = hub.service.runs.claim({ waitMs: 60_000, signal })
    await first?.writer.complete()
    expect((await waiting)?.runId).toBe('r_m2')
  })
})

describe('regenerating', () => {
  test('asks the same question again, as a new branch, once for each name', async () => {
    await send('m1')
    const answered = await answer('completed')
    const again = await post(`/messages/${answered}/regenerate`, { clientRunId: 'again' })
    expect(again.json).toMatchObject({ messageId: 'm1', runId: 'r_again' })
    const repeat = await post('/messages/m1/regenerate', undefined, { 'idempotency-key': 'again' })
    expect(repeat.text).toBe(again.text)
    expect((await hub.driver.leases.active('s1')).map(({ run }) => run.input)).toEqual([
      { kind: 'regenerate', messageId: 'm1', parentId: 'm1' },
    ])
    const unnamed = await post(`/messages/${answered}/regenerate`)
    expect(unnamed.json['runId']).not.toBe('r_again')
    expect(unnamed.status).toBe(202)
  })

  test('of no message, or under no name, is refused', async () => {
    await send('m1')
    expect((await post('/messages/nobody/regenerate')).status).toBe(404)
    for (const clientRunId of ['a b', '', 5, 'x'.repeat(57)]) {
      expect((await post('/messages/m1/regenerate', { clientRunId })).status).toBe(400)
    }
  })
})

describe('continuing', () => {
  test('goes on from the partial answer of a run that did not complete', async () => {
    await send('m1')
    const partial = await answer('failed')
    const on = await post('/runs/r_m1/continue', { clientRunId: 'on' })
    expect([on.status, on.json]).toMatchObject([202, { messageId: 'm1', runId: 'r_on' }])
    expect((await post('/runs/r_m1/continue', { clientRunId: 'on' })).text).toBe(on.text)
    const lease = await hub.driver.leases.get('s1', 'r_on')
    const input = { kind: 'continue', messageId: 'm1', parentId: 'm1', continueFrom: partial }
    expect(lease?.run.input).toEqual(input)
    expect((await events()).at(-1)?.data).toEqual({
      runId: 'r_on',
      kind: 'continue',
      messageId: 'm1',
      continueFrom: partial,
    })
    expect((await state()).messages.at(-1)).toMatchObject({ content: 'Some', status: 'failed' })
  })

  test('regenerating a continued answer asks the question behind it', async () => {
    await send('m1')
    await answer('failed')
    await post('/runs/r_m1/continue', { clientRunId: 'on' })
    const continued = await answer('completed')
    expect((await post(`/messages/${continued}/regenerate`)).json['messageId']).toBe('m1')
  })

  test('of a run that never began answers the question itself', async () => {
    await send('m1')
    await post('/runs/r_m1/cancel')
    await post('/runs/r_m1/continue', { clientRunId: 'on' })
    const lease = await hub.driver.leases.get('s1', 'r_on')
    expect(lease?.run.input).toEqual({ kind: 'continue', messageId: 'm1', parentId: 'm1' })
  })

  test('is refused while it goes on, when it completed, and of no run', async () => {
    await send('m1')
    expect((await post('/runs/r_m1/continue')).status).toBe(409)
    await answer('completed')
    expect((await post('/runs/r_m1/continue')).status).toBe(409)
    expect((await post('/runs/nobody/continue')).status).toBe(404)
  })
})

describe('R8 older messages', () => {
  const ids = (page: MessagePage) => page.messages.map(({ id }) => id)
  const read = async (query: string) =>
    (await hub.call('GET', `/api/sessions/s1/messages?${query}`)).json as unknown as MessagePage

  test('come page by page to the very first, each once, in order', async () => {
    const all = Array.from({ length: 130 }, (_, i) => `m${String(i)}`)
    for (const id of all) await send(id)
    const held = (await state()).messages
    expect([held.length, held[0]?.id]).toEqual([50, 'm80'])
    const got: string[] = []
    let before: number | undefined
    do {
      const page = await read(before === undefined ? 'limit=40' : `limit=40&before=${String(before)}`)
      got.unshift(...ids(page))
      before = page.before
    } while (before !== undefined)
    expect(got).toEqual(all)
  })

  test('behind the window of 50 of a long session are found, also as parents', async () => {
    const drafts = Array.from({ length: 1_500 }, (_, i) => ({
      type: 'user_message',
      messageId: `u${String(i)}`,
      parentId: null,
      data: { messageId: `u${String(i)}`, content: 'x' },
    }))
    await hub.service.log.append('s1', drafts)
    const shown = await state()
    expect([shown.messages.length, shown.hasOlder]).toEqual([50, true])
    const page = await read(`limit=3&before=${String(shown.messages[0]?.offset)}`)
    expect(ids(page)).toEqual(['u1447', 'u1448', 'u1449'])
    expect(ids(await read('limit=2&before=4'))).toEqual(['u1', 'u2'])
    expect(await read('limit=5&before=1')).toEqual({ messages: [] })
    expect((await send('m1', { parentId: 'u0' })).status).toBe(202)
    expect((await post('/messages/u1/regenerate')).json['messageId']).toBe('u1')
  })

  test('that are still being written have their text, though it comes after the page', async () => {
    await send('m1')
    await answer()
    const chunk = { type: 'message_chunk', data: { messageId: 'a_r_m1', content: '.', isComplete: false } }
    await hub.service.log.append(
      's1',
      Array.from({ length: 1_200 }, () => chunk),
    )
    const [first, second] = (await read('before=5')).messages
    expect([first?.id, second?.content.length]).toEqual(['m1', 1_204])
  })

  test('begin at the first that a trim has left', async () => {
    for (const id of ['m1', 'm2', 'm3']) await send(id)
    await hub.driver.trim('s1', 3)
    expect(ids(await read(''))).toEqual(['m2', 'm3'])
    expect((await hub.call('GET', '/api/sessions/s1/messages?before=-1')).status).toBe(400)
  })
})
