import { startModelServer } from '@throughline/agents/testing'
import type { CommandAccepted } from '@throughline/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { guest, readStream, type ApiUser } from './harness/api.ts'
import { startApp, type RunningApp } from './harness/app.ts'

let app: RunningApp
let model: Awaited<ReturnType<typeof startModelServer>>
let user: ApiUser

beforeAll(async () => {
  model = await startModelServer({ tokensPerSecond: 1000, tokens: 40 })
  app = await startApp({ OPENAI_BASE_URL: model.url, OPENAI_API_KEY: 'test-key', MODEL: 'test' })
  user = await guest(app.url)
})

afterAll(async () => {
  await app?.dispose()
  await model?.close()
})

async function finishedSession(): Promise<string> {
  const { id } = await user.json<{ id: string }>('POST', '/api/sessions', {})
  const asked = await user.json<CommandAccepted>('POST', `/api/sessions/${id}/messages`, {
    content: 'How do I stream a response from a route handler?',
    clientMessageId: 'm1',
  })
  await readStream(
    user,
    `/api/sse?sessionId=${id}`,
    (envelope) =>
      (envelope.type === 'run_completed' && envelope.runId === asked.runId) ||
      (envelope.type === 'snapshot' &&
        JSON.stringify(envelope.data).includes('\\"status\\":\\"completed\\"')),
  )
  return id
}

test('R2 with Last-Event-ID of each event in turn, a stream gives exactly the rest', async () => {
  const id = await finishedSession()
  const { cursor } = await user.json<{ cursor: string }>('GET', `/api/sessions/${id}/updates`)
  const epoch = cursor.split('-', 1)[0] ?? ''
  const path = `/api/run_sse/${id}`
  const whole = await readStream(user, path, (envelope) => envelope.type === 'caught_up', {
    'last-event-id': `${epoch}-0`,
  })
  const stored = whole.filter((envelope) => envelope.id !== undefined)
  expect(stored.length).toBeGreaterThan(20)
  expect(stored.map((envelope) => envelope.id)).toEqual(
    stored.map((_, index) => `${epoch}-${String(index + 1)}`),
  )

  for (const [index, event] of stored.entries()) {
    const rest = await readStream(user, path, (envelope) => envelope.type === 'caught_up', {
      'last-event-id': event.id ?? '',
    })
    expect(rest.filter((envelope) => envelope.id !== undefined)).toEqual(stored.slice(index + 1))
    expect(rest.some((envelope) => envelope.type === 'reset' || envelope.type === 'snapshot')).toBe(false)
  }
})

test.each([
  ['another epoch', () => 'aaaaaaaaaa-1', 'epoch'],
  ['ahead of the head', (epoch: string) => `${epoch}-999999`, 'ahead'],
  ['malformed', () => 'not a cursor', 'malformed'],
  ['64 KiB long', () => 'x'.repeat(8_000), 'malformed'],
])('R2 a cursor that is %s resets in-band and joins by snapshot', async (_, cursorOf, reason) => {
  const id = await finishedSession()
  const { cursor } = await user.json<{ cursor: string }>('GET', `/api/sessions/${id}/updates`)
  const epoch = cursor.split('-', 1)[0] ?? ''
  const events = await readStream(user, `/api/run_sse/${id}`, (envelope) => envelope.type === 'caught_up', {
    'last-event-id': cursorOf(epoch),
  })
  expect(events[0]).toMatchObject({ type: 'reset', data: { reason, head: cursor } })
  expect(events[1]).toMatchObject({ type: 'snapshot', id: cursor })
})

test('the same message sent again gets the same answer and is asked once', async () => {
  const { id } = await user.json<{ id: string }>('POST', '/api/sessions', {})
  const body = { content: 'How do I read cookies?', clientMessageId: 'again' }
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => user.json<CommandAccepted>('POST', `/api/sessions/${id}/messages`, body)),
  )
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
  const { state } = await user.json<{ state: { messages: { role: string }[] } }>('GET', `/api/sessions/${id}`)
  expect(state.messages.filter((message) => message.role === 'user')).toHaveLength(1)
})
