import { pdfOf } from '@throughline/agents/testing'
import type { CommandAccepted, Run, RunOptions } from '@throughline/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { guest, serverState, type ApiUser } from '../harness/api.ts'
import { startApp, type RunningApp } from '../harness/app.ts'
import { readLog } from '../harness/session-log.ts'

/** Of a real process, on a machine that has other things to do. */
const PATIENCE = { timeout: 60_000, interval: 100 }
const CENSUS = [
  ['# Quokka census', 'Rangers walk the island in March and write down every burrow that they find.'],
  ['# Counting at night', 'The quokka census counts 412 animals on the southern shore after midnight.'],
]

let app: RunningApp

beforeAll(async () => {
  app = await startApp({ RUN_LEASE_MS: '3000' })
})

afterAll(async () => {
  await app?.dispose()
})

async function ask(user: ApiUser, sessionId: string, content: string, options: RunOptions = {}) {
  await user.json('PUT', `/api/sessions/${sessionId}`, {})
  const asked = { content, clientMessageId: 'm1', options }
  return user.json<CommandAccepted>('POST', `/api/sessions/${sessionId}/messages`, asked)
}

async function lastRun(user: ApiUser, sessionId: string): Promise<Run | undefined> {
  return (await serverState(user, sessionId)).runs.at(-1)
}

/** Puts a file into the person's library; its id. */
async function upload(user: ApiUser, name: string, body: Uint8Array): Promise<string> {
  const response = await fetch(`${user.url}/api/library/documents?name=${name}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${user.token}`, 'content-type': 'application/pdf' },
    body: new Uint8Array(body),
  })
  expect(response.status).toBe(202)
  const { document } = (await response.json()) as { document: { id: string } }
  return document.id
}

test('a PDF that a person added is cited with its page, and the citation opens the exact passage, for nobody else', async () => {
  const user = await guest(app.url)
  const documentId = await upload(user, 'census.pdf', pdfOf(CENSUS, { title: 'Quokka census' }))
  const status = `/api/library/documents/${documentId}/status`
  await expect
    .poll(
      async () => (await user.json<{ document: { status: string } }>('GET', status)).document.status,
      PATIENCE,
    )
    .toBe('ready')

  await ask(user, 'pdf', 'How many animals does the quokka census count?')
  await expect.poll(async () => (await lastRun(user, 'pdf'))?.status, PATIENCE).toBe('completed')
  const answer = (await serverState(user, 'pdf')).messages.at(-1)
  expect(answer?.content).toContain('412 animals')
  const citation = answer?.citations.find(({ quote }) => quote.includes('412'))
  expect(citation).toMatchObject({ documentId, page: 2 })
  const passage = `/api/library/documents/${documentId}?start=${String(citation?.start)}&end=${String(citation?.end)}`
  expect(await user.json('GET', passage)).toMatchObject({ text: citation?.quote, page: 2 })

  const stranger = await guest(app.url)
  expect((await stranger.request('GET', passage)).status).toBe(404)
  await ask(stranger, 'others', 'How many animals does the quokka census count?')
  await expect.poll(async () => (await lastRun(stranger, 'others'))?.status, PATIENCE).toBe('completed')
  expect((await serverState(stranger, 'others')).messages.at(-1)?.content).not.toContain('412')
})

test('a plan that waits for a person outlives kill -9: taken up again it still waits, and approved it is answered', async () => {
  const user = await guest(app.url)
  const question = 'How do I stream a response from a route handler?'
  const { runId } = await ask(user, 'plan', question, { approvePlan: true })
  const waiting = async () => (await lastRun(user, 'plan'))?.inputs ?? []
  await expect.poll(async () => (await waiting()).length, PATIENCE).toBe(1)
  const before = await waiting()

  await app.kill()
  await app.restart()
  const starts = async () =>
    (await readLog(user, 'plan')).filter(({ type, runId: of }) => type === 'run_started' && of === runId)
  await expect.poll(async () => (await starts()).length, PATIENCE).toBe(2)
  expect(await waiting()).toEqual(before)
  expect(await lastRun(user, 'plan')).toMatchObject({ id: runId, endedAt: null, findings: [] })

  const approval = { inputId: before[0]?.inputId, decision: 'approve' }
  await user.json('POST', `/api/sessions/plan/runs/${runId}/input`, approval)
  await expect.poll(async () => (await lastRun(user, 'plan'))?.status, PATIENCE).toBe('completed')
  const { messages, runs } = await serverState(user, 'plan')
  expect(runs).toHaveLength(1)
  expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant'])
  expect(messages.at(-1)).toMatchObject({ status: 'complete', integrity: 'complete' })
  expect(messages.at(-1)?.citations.length).toBeGreaterThan(0)
})
