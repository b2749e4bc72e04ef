import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Run, RunOptions } from '@throughline/protocol'
import type { RunSource } from '@throughline/server'
import { createRunEngine } from '../run/run-engine.ts'
import { GARDEN_PAGES, GARDEN_QUESTION } from '../testing/garden-pages.ts'
import { openTemporaryLibrary, type TemporaryLibrary } from '../testing/temporary-library.ts'
import { startTestHub, type TestHub } from '../testing/test-hub.ts'
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

const PATIENCE = { timeout: 30_000, interval: 20 }
const APPROVE: RunOptions = { approvePlan: true }

function startTeam(source: RunSource, concurrency = 4) {
  const engine = createRunEngine({
    source,
    team: createResearchTeam({ library: garden.library }),
    concurrency,
    drainMs: 60_000,
  })
  opened.push(() => engine.close())
  return engine
}

async function startHub(): Promise<TestHub> {
  const hub = await startTestHub()
  opened.push(() => hub.close())
  return hub
}

async function runOf(hub: TestHub, runId: string, session = 's1'): Promise<Run> {
  const run = (await hub.state(session)).runs.find(({ id }) => id === runId)
  if (run === undefined) throw new Error('no such run')
  return run
}

/** The request that the run waits for. */
async function requested(hub: TestHub, runId: string, session = 's1') {
  await expect.poll(async () => (await runOf(hub, runId, session)).inputs.length, PATIENCE).toBe(1)
  const [input] = (await runOf(hub, runId, session)).inputs
  if (input === undefined) throw new Error('no request')
  const { questions } = input.options as { questions: { id: string; question: string }[] }
  return { ...input, questions: questions.map(({ question }) => question) }
}

function resolve(hub: TestHub, runId: string, body: object, session = 's1') {
  return hub.call('POST', `/api/sessions/${session}/runs/${runId}/input`, body)
}

async function ended(hub: TestHub, runId: string, session = 's1'): Promise<Run> {
  await expect.poll(async () => (await runOf(hub, runId, session)).endedAt, PATIENCE).not.toBeNull()
  return runOf(hub, runId, session)
}

describe('a plan that is to be approved', () => {
  it('is shown and waits; approved, it is researched as it is', async () => {
    const hub = await startHub()
    startTeam(hub.runs)
    const runId = await hub.ask('s1', GARDEN_QUESTION, APPROVE)
    const request = await requested(hub, runId)
    expect(request).toMatchObject({ kind: 'plan_approval', agentId: 'planner' })
    const waiting = await runOf(hub, runId)
    expect(request.questions).toEqual(waiting.plan.map(({ question }) => question))
    expect(waiting.agents.map(({ id }) => id)).toEqual(['planner'])
    await resolve(hub, runId, { inputId: request.inputId, decision: 'approve' })
    const run = await ended(hub, runId)
    expect(run).toMatchObject({ status: 'completed', inputs: [], answers: [{ decision: 'approve' }] })
    expect(run.plan).toEqual(waiting.plan)
    expect((await hub.state('s1')).messages.at(-1)?.citations.length).toBeGreaterThan(0)
  })

  it('is researched as the person edited it', async () => {
    const hub = await startHub()
    startTeam(hub.runs)
    const runId = await hub.ask('s1', GARDEN_QUESTION, APPROVE)
    const { inputId, questions } = await requested(hub, runId)
    const wanted = [questions[0] ?? '', 'How often should tomatoes be watered?']
    await resolve(hub, runId, { inputId, decision: 'edit', value: { questions: wanted } })
    const run = await ended(hub, runId)
    expect(run.plan.map(({ question }) => question)).toEqual(wanted)
    expect(run.findings.map(({ question }) => question)).toEqual(wanted)
    const answer = (await hub.state('s1')).messages.at(-1)
    expect(answer?.content).toContain('### How often should tomatoes be watered?')
    expect(answer?.content).toContain('Turn the compost heap')
  })

  it('may become another plan altogether', async () => {
    const hub = await startHub()
    startTeam(hub.runs)
    const runId = await hub.ask('s1', GARDEN_QUESTION, APPROVE)
    const { inputId } = await requested(hub, runId)
    const wanted = ['How often should tomatoes be watered?']
    await resolve(hub, runId, { inputId, decision: 'edit', value: wanted })
    const run = await ended(hub, runId)
    expect(run.plan.map(({ question }) => question)).toEqual(wanted)
    const { content = '' } = (await hub.state('s1')).messages.at(-1) ?? {}
    expect(content).toMatch(/tomatoes/i)
    expect(content).not.toMatch(/compost heap|No researcher/)
  })

  it('asks again when the edit has no questions, and ends with a word when it is rejected', async () => {
    const hub = await startHub()
    startTeam(hub.runs)
    const runId = await hub.ask('s1', GARDEN_QUESTION, APPROVE)
    const first = await requested(hub, runId)
    await resolve(hub, runId, { inputId: first.inputId, decision: 'edit', value: { questions: [' '] } })
    await expect.poll(async () => (await runOf(hub, runId)).inputs[0]?.prompt, PATIENCE).toMatch(/could not/)
    const again = await requested(hub, runId)
    await resolve(hub, runId, { inputId: again.inputId, decision: 'reject' })
    expect(await ended(hub, runId)).toMatchObject({ status: 'completed', findings: [] })
    expect((await hub.state('s1')).messages.at(-1)?.content).toMatch(/rejected/)
  })

  it('can be stopped while it waits; an answer then comes too late', async () => {
    const hub = await startHub()
    startTeam(hub.runs)
    const runId = await hub.ask('s1', GARDEN_QUESTION, APPROVE)
    const { inputId } = await requested(hub, runId)
    await hub.call('POST', `/api/sessions/s1/runs/${runId}/cancel`, {})
    expect(await ended(hub, runId)).toMatchObject({ status: 'cancelled', inputs: [] })
    await expect(resolve(hub, runId, { inputId, decision: 'approve' })).rejects.toThrow('409')
  })

  it('keeps nobody else waiting, however few runs may work at once', async () => {
    const hub = await startHub()
    startTeam(hub.runs, 1)
    const waiting = await hub.ask('s1', GARDEN_QUESTION, APPROVE)
    await requested(hub, waiting)
    const other = await hub.ask('s2', GARDEN_QUESTION)
    expect(await ended(hub, other, 's2')).toMatchObject({ status: 'completed' })
  })

  it.each(['in the process', 'outside of it'])('survives the end of its worker, %s', async (where) => {
    const hub = await startHub()
    const first = where === 'in the process' ? hub.runs : await hub.outside()
    const engine = startTeam(first)
    const runId = await hub.ask('s1', GARDEN_QUESTION, APPROVE)
    const before = await requested(hub, runId)
    await resolve(hub, runId, { decision: 'steer', value: 'How often should tomatoes be watered?' })
    await engine.close()
    startTeam(await hub.outside())
    const after = await requested(hub, runId)
    expect([after.inputId, after.questions]).toEqual([before.inputId, before.questions])
    await resolve(hub, runId, { inputId: after.inputId, decision: 'approve' })
    const run = await ended(hub, runId)
    expect(run).toMatchObject({ status: 'completed', answers: [{ kind: 'steer' }, { decision: 'approve' }] })
    expect(run.agents.filter(({ id }) => id === 'planner')).toHaveLength(1)
    const { content = '' } = (await hub.state('s1')).messages.at(-1) ?? {}
    expect(content).toContain('### How often should tomatoes be watered?')
  })

  it('takes an answer that came while no worker was there', async () => {
    const hub = await startHub()
    const engine = startTeam(await hub.outside())
    const runId = await hub.ask('s1', GARDEN_QUESTION, APPROVE)
    const { inputId } = await requested(hub, runId)
    await engine.close()
    await resolve(hub, runId, { inputId, decision: 'approve' })
    startTeam(await hub.outside())
    expect(await ended(hub, runId)).toMatchObject({ status: 'completed' })
  })
})
