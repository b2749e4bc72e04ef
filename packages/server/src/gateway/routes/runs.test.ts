import type { ConversationState } from '@throughline/protocol'
import { openEnvelope } from '@throughline/log'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { OwnedRun } from '../../runs/run-source.ts'
import { startService, type TestService } from '../../testing/service.ts'
import { dig } from '../../testing/dig.ts'

let hub: TestService

beforeEach(async () => {
  hub = await startService()
  await hub.call('PUT', '/api/sessions/s1')
  await hub.call('POST', '/api/sessions/s1/messages', { body: { content: 'Hi', clientMessageId: 'm1' } })
})
afterEach(() => hub.close())

const tell = (path: string, body?: unknown) =>
  hub.call('POST', `/api/sessions/s1/runs/${path}`, body === undefined ? {} : { body })

async function claim(): Promise<OwnedRun> {
  const run = await hub.service.runs.claim({ waitMs: 0, signal: new AbortController().signal })
  if (run === undefined) throw new Error('nothing was queued')
  return run
}

/** Every end that the log has of the run. */
async function ends(): Promise<unknown[]> {
  const page = await hub.driver.read('s1', 'start')
  const all = page.events.map((event) => openEnvelope(event, page.epoch))
  return all.filter(({ type }) => type === 'run_completed').map(({ data }) => dig(data, 'status'))
}

describe('cancelling a run', () => {
  test('that is queued ends it before anybody has it', async () => {
    const answer = await tell('r_m1/cancel')
    expect([answer.status, answer.json['runId']]).toEqual([202, 'r_m1'])
    expect(await hub.service.runs.claim({ waitMs: 0, signal: new AbortController().signal })).toBeUndefined()
    expect(await ends()).toEqual(['cancelled'])
  })

  test('that is running stops its worker and keeps what it wrote', async () => {
    const { writer } = await claim()
    await writer.write({
      type: 'message_started',
      messageId: 'a',
      parentId: 'm1',
      data: { messageId: 'a', role: 'assistant' },
    })
    await writer.write({
      type: 'message_chunk',
      data: { messageId: 'a', content: 'Some', isComplete: false },
    })
    expect((await tell('r_m1/cancel')).status).toBe(202)
    await expect.poll(() => writer.signal.aborted).toBe(true)
    await expect(writer.write({ type: 'note', data: null })).rejects.toMatchObject({ code: 'conflict' })
    await writer.complete()
    expect(await ends()).toEqual(['cancelled'])
    const state = (await hub.call('GET', '/api/sessions/s1')).json['state'] as ConversationState
    expect(state.messages.at(-1)).toMatchObject({ content: 'Some', status: 'cancelled' })
  })

  test('that has ended is a conflict, and of no run not found', async () => {
    await (await claim()).writer.complete()
    const late = await tell('r_m1/cancel')
    expect([late.status, late.json['title'], late.json['code']]).toEqual([409, 'Conflict', 'conflict'])
    expect((await tell('nobody/cancel')).status).toBe(404)
    expect((await tell('a%20b/cancel')).status).toBe(404)
  })

  test('L5 while it completes gives one end, and whoever was told so knows which', async () => {
    for (let round = 0; round < 20; round++) {
      const id = `x${String(round)}`
      await hub.call('PUT', `/api/sessions/${id}`)
      await hub.call('POST', `/api/sessions/${id}/messages`, {
        body: { content: 'Hi', clientMessageId: 'm' },
      })
    }
    await (await claim()).writer.complete()
    for (let round = 0; round < 20; round++) {
      const { sessionId, writer } = await claim()
      const stop = () => hub.call('POST', `/api/sessions/${sessionId}/runs/r_m/cancel`)
      const [stops] = await Promise.all([Promise.all([stop(), stop()]), writer.complete()])
      const page = await hub.driver.read(sessionId, 'start')
      const end = page.events.filter(({ type }) => type === 'run_completed')
      expect(end).toHaveLength(1)
      const accepted = stops.filter(({ status }) => status === 202).length
      expect(stops.every(({ status }) => status === 202 || status === 409)).toBe(true)
      expect(end[0]?.body).toContain(accepted === 1 ? '"cancelled"' : '"completed"')
    }
  })
})

describe('an input', () => {
  const request = {
    type: 'input_requested',
    data: { inputId: 'plan', kind: 'approve_plan', prompt: 'Fine?' },
  }

  async function next(run: OwnedRun) {
    for await (const input of run.writer.inputs()) return input
    return undefined
  }

  test('that answers a request reaches the team with its kind, and the place where it stands', async () => {
    const run = await claim()
    const asked = await run.writer.write(request)
    const answer = await tell('r_m1/input', { inputId: 'plan', decision: 'edit', value: { drop: [2] } })
    expect(answer.json).toEqual({ inputId: 'plan', cursor: `${asked.epoch}-${String(asked.offset + 1)}` })
    expect(await next(run)).toEqual({
      inputId: 'plan',
      kind: 'approve_plan',
      decision: 'edit',
      value: { drop: [2] },
    })
    const state = (await hub.call('GET', '/api/sessions/s1')).json['state'] as ConversationState
    expect(state.runs[0]?.inputs).toEqual([])
  })

  test('that steers needs no request', async () => {
    const run = await claim()
    const answer = await tell('r_m1/input', { decision: 'steer', value: 'also cover X' })
    expect(answer.status).toBe(202)
    expect(await next(run)).toMatchObject({ kind: 'steer', decision: 'steer', value: 'also cover X' })
  })

  test('that steers under an id of its own is said once, however often it is sent', async () => {
    await claim()
    const word = { inputId: 'w1', decision: 'steer', value: 'also cover X' }
    const answers = [await tell('r_m1/input', word), await tell('r_m1/input', word)]
    expect(answers.map(({ status }) => status)).toEqual([202, 202])
    expect(answers[1]?.json).toEqual(answers[0]?.json)
    const page = await hub.driver.read('s1', 'start')
    expect(page.events.filter(({ type }) => type === 'input_resolved')).toHaveLength(1)
  })

  test('counts once: the same answer again is told where it stands, another one comes too late', async () => {
    const run = await claim()
    await run.writer.write(request)
    const answers = await Promise.all(
      [1, 2, 3].map(() => tell('r_m1/input', { inputId: 'plan', decision: 'approve' })),
    )
    expect(new Set(answers.map(({ status, text }) => `${String(status)} ${text}`)).size).toBe(1)
    const other = await tell('r_m1/input', { inputId: 'plan', decision: 'reject' })
    expect([other.status, other.json['code']]).toEqual([409, 'conflict'])
    const page = await hub.driver.read('s1', 'start')
    expect(page.events.filter(({ type }) => type === 'input_resolved')).toHaveLength(1)
  })

  test('of the same name in another run is another request', async () => {
    const run = await claim()
    await run.writer.write(request)
    await tell('r_m1/input', { inputId: 'plan', decision: 'approve' })
    await run.writer.complete()
    await hub.call('POST', '/api/sessions/s1/messages', { body: { content: 'More', clientMessageId: 'm2' } })
    const second = await claim()
    await second.writer.write(request)
    expect((await tell('r_m2/input', { inputId: 'plan', decision: 'reject' })).status).toBe(202)
    expect(await next(second)).toMatchObject({ decision: 'reject' })
  })

  test('to a run that has ended comes too late; to nobody is not found; nonsense is refused', async () => {
    const run = await claim()
    await run.writer.write(request)
    expect((await tell('r_m1/input', { inputId: 'nothing', decision: 'approve' })).status).toBe(409)
    await run.writer.complete()
    expect((await tell('r_m1/input', { inputId: 'plan', decision: 'approve' })).status).toBe(409)
    expect((await tell('r_m1/input', { decision: 'steer' })).status).toBe(409)
    expect((await tell('nobody/input', { decision: 'steer' })).status).toBe(404)
    for (const body of [{}, { decision: 5 }, { decision: 'Say Yes' }, { decision: 'ok', inputId: 'a b' }]) {
      expect((await tell('r_m1/input', body)).status).toBe(400)
    }
  })

  test('L5 written behind the end of its run is said to have come too late', async () => {
    const run = await claim()
    const { leases } = hub.driver
    const { get } = leases
    // The run ends between the look at its lease and the append.
    leases.get = async (...args) => {
      const lease = await get(...args)
      leases.get = async (...again) => {
        const active = await get(...again)
        await run.writer.complete()
        return active
      }
      return lease
    }
    expect((await tell('r_m1/input', { decision: 'steer' })).status).toBe(409)
  })
})
