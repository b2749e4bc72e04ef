import { startModelServer, type ModelServer } from '@throughline/agents/testing'
import type { EventData } from '@throughline/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { guest, serverState, type ApiUser } from '../harness/api.ts'
import { startApp, type RunningApp } from '../harness/app.ts'
import { readLog } from '../harness/session-log.ts'

let app: RunningApp
let model: ModelServer

beforeAll(async () => {
  model = await startModelServer({ tokens: 40, tokensPerSecond: 20 })
  app = await startApp({ OPENAI_BASE_URL: model.url, OPENAI_API_KEY: 'test-key', MODEL: 'test' })
})

afterAll(async () => {
  await app?.dispose()
  await model?.close()
})

/** Asks in a session of its own, waits for the end, and gives the times left that the writer told while at work. */
async function timesLeft(user: ApiUser, sessionId: string): Promise<readonly (number | null)[]> {
  await user.json('PUT', `/api/sessions/${sessionId}`, {})
  const asked = { content: 'How do I stream a response from a route handler?', clientMessageId: 'm1' }
  await user.json('POST', `/api/sessions/${sessionId}/messages`, asked)
  await expect
    .poll(async () => (await serverState(user, sessionId)).runs.at(-1)?.status, { timeout: 60_000 })
    .toBe('completed')
  return (await readLog(user, sessionId))
    .filter(({ type }) => type === 'agent_progress')
    .map(({ data }) => data as EventData['agent_progress'])
    .filter(({ agentId, status }) => agentId === 'writer' && status === 'working')
    .map(({ estimatedTimeRemaining }) => estimatedTimeRemaining)
}

test('time left is not told before steps were measured, and is told from then on, also after a restart', async () => {
  const user = await guest(app.url)
  const unmeasured = await Promise.all(['one', 'two', 'three'].map((name) => timesLeft(user, name)))
  for (const times of unmeasured) expect(new Set(times)).toEqual(new Set([null]))
  expect(await app.stop()).toBe(0)
  await app.restart()
  const told = (await timesLeft(user, 'four')).filter((ms) => ms !== null)
  expect(told.length).toBeGreaterThan(0)
  for (const ms of told) expect(ms).toBeGreaterThan(0)
})
