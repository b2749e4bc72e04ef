import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createResearchModel, openaiCompatibleModel } from '../provider/research-model.ts'
import { createRunEngine } from '../run/run-engine.ts'
import { GARDEN_PAGES, GARDEN_QUESTION } from '../testing/garden-pages.ts'
import { startModelServer, type ModelServerOptions } from '../testing/model-server.ts'
import { openTemporaryLibrary, type TemporaryLibrary } from '../testing/temporary-library.ts'
import { startTestHub } from '../testing/test-hub.ts'
import { createResearchTeam } from './research-team.ts'

let garden: TemporaryLibrary
const opened: (() => Promise<void>)[] = []
beforeAll(async () => {
  garden = await openTemporaryLibrary(GARDEN_PAGES)
})
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close()
})
afterAll(() => garden.close())

/** Hub, engine and team in one process, as in the app; with a model over HTTP when one is described. */
async function startApp(provider?: ModelServerOptions) {
  const hub = await startTestHub()
  opened.push(() => hub.close())
  const server = provider && (await startModelServer(provider))
  if (server) opened.push(() => server.close())
  const model =
    server &&
    createResearchModel({ model: openaiCompatibleModel({ baseUrl: server.url, model: 'm' }), name: 'm' })
  const engine = createRunEngine({
    source: hub.runs,
    team: createResearchTeam({ library: garden.library, model }),
  })
  opened.push(() => engine.close())
  const status = async (runId: string) => (await hub.state('s1')).runs.find((run) => run.id === runId)?.status
  const answer = async () => (await hub.state('s1')).messages.at(-1)
  return { hub, server, status, answer }
}

const PATIENCE = { timeout: 30_000, interval: 20 }

describe('a run on a real hub', () => {
  it('answers, and answers again as a new branch', async () => {
    const { hub, status } = await startApp()
    const first = await hub.ask('s1', GARDEN_QUESTION)
    await expect.poll(() => status(first), PATIENCE).toBe('completed')
    const before = (await hub.state('s1')).messages.at(-1)
    const path = `/api/sessions/s1/messages/${before?.id ?? ''}/regenerate`
    const { runId } = await hub.call('POST', path, {})
    await expect.poll(() => status(String(runId)), PATIENCE).toBe('completed')
    const after = (await hub.state('s1')).messages.at(-1)
    expect(after).toMatchObject({
      parentId: before?.parentId,
      content: before?.content,
      integrity: 'complete',
    })
    expect(after?.id).not.toBe(before?.id)
  })

  it('answers an edited question as a branch beside the earlier one, which stays as it was', async () => {
    const { hub, status } = await startApp()
    const first = await hub.ask('s1', GARDEN_QUESTION)
    await expect.poll(() => status(first), PATIENCE).toBe('completed')
    const before = (await hub.state('s1')).messages
    const edited = {
      content: 'When are roses pruned?',
      clientMessageId: 'edited',
      parentId: before[0]?.parentId ?? null,
    }
    const { runId } = await hub.call('POST', '/api/sessions/s1/messages', edited)
    await expect.poll(() => status(String(runId)), PATIENCE).toBe('completed')
    const { messages } = await hub.state('s1')
    expect(messages.slice(0, 2)).toEqual(before)
    expect(messages[2]).toMatchObject({ id: 'edited', role: 'user', parentId: before[0]?.parentId })
    expect(messages[3]).toMatchObject({ role: 'assistant', parentId: 'edited' })
    expect(messages[3]?.content).toContain('pruned in late winter')
    expect(messages[3]?.content).not.toMatch(/compost/i)
  })

  it('stops within the stream when it is cancelled, keeps its text, and goes on when told to', async () => {
    const { hub, server, status, answer } = await startApp({ tokens: 1_000, tokensPerSecond: 100 })
    const cancelled = await hub.ask('s1', GARDEN_QUESTION)
    await expect.poll(async () => (await answer())?.content.length ?? 0, PATIENCE).toBeGreaterThan(100)
    await hub.call('POST', `/api/sessions/s1/runs/${cancelled}/cancel`, {})
    await expect.poll(() => status(cancelled), PATIENCE).toBe('cancelled')
    const partial = await answer()
    expect(partial).toMatchObject({ status: 'cancelled', integrity: 'truncated' })
    expect(partial?.citations.length).toBeGreaterThan(0)
    server?.set({ tokensPerSecond: Infinity, answer: ' and so it ended.' })
    const { runId } = await hub.call('POST', `/api/sessions/s1/runs/${cancelled}/continue`, {})
    await expect.poll(() => status(String(runId)), PATIENCE).toBe('completed')
    const whole = await answer()
    expect(whole?.content.startsWith(`${partial?.content ?? '?'} and so it ended.`)).toBe(true)
    expect(whole).toMatchObject({ status: 'complete', integrity: 'complete' })
  })

  it('is steered while its model writes', async () => {
    const { hub, server, status, answer } = await startApp({ tokens: 1_000, tokensPerSecond: 60 })
    const runId = await hub.ask('s1', GARDEN_QUESTION)
    await expect.poll(async () => (await answer())?.content.length ?? 0, PATIENCE).toBeGreaterThan(20)
    const steer = { decision: 'steer', value: 'pruning roses' }
    await hub.call('POST', `/api/sessions/s1/runs/${runId}/input`, steer)
    server?.set({ tokensPerSecond: Infinity })
    await expect.poll(() => status(runId), PATIENCE).toBe('completed')
    expect((await hub.state('s1')).runs.at(-1)?.plan.map(({ question }) => question)).toContain(
      'pruning roses',
    )
    expect((await answer())?.citations.map(({ title }) => title)).toContain('Roses')
  })

  it('tells what a person can do when the model refuses', async () => {
    const { hub, status } = await startApp({ apiKey: 'another' })
    const runId = await hub.ask('s1', GARDEN_QUESTION)
    await expect.poll(() => status(runId), PATIENCE).toBe('failed')
    const run = (await hub.state('s1')).runs.at(-1)
    expect(run?.failure).toMatchObject({ code: 'auth_error', retryable: false })
    expect(run?.failure?.message).toContain('OPENAI_API_KEY')
    expect(run?.agents.every((agent) => agent.status !== 'working')).toBe(true)
  })
})
