import { describe, expect, it } from 'vitest'
import { initialConversation } from './conversation-fold.ts'
import { RUNLESS } from './conversation-state.ts'
import { agent, begun, fold, progress, run, tell } from './testing/told.ts'

describe('an agent', () => {
  it('starts, works and completes in the run that is running', () => {
    const state = fold([
      ...begun,
      tell('agent_started', { agentId: 'a', agentName: 'Ada', role: 'planner', task: 'plan' }),
      progress('a', { agentName: 'Ada', progress: 40, estimatedTimeRemaining: 500 }),
    ])
    expect(agent(state, 'r1', 'a')).toEqual({
      id: 'a',
      name: 'Ada',
      runId: 'r1',
      role: 'planner',
      status: 'working',
      progress: 40,
      currentTask: 'reading',
      estimatedTimeRemaining: 500,
      summary: null,
      startedAt: 5000,
      updatedAt: 6000,
      endedAt: null,
    })
    const end = { agentId: 'a', agentName: 'Ada', status: 'completed', summary: 'done' } as const
    expect(agent(fold([tell('agent_completed', end)], state), 'r1', 'a')).toMatchObject({
      status: 'completed',
      progress: 100,
      summary: 'done',
      estimatedTimeRemaining: null,
      endedAt: 7000,
    })
  })

  it('that fails keeps the progress it made, and started again begins at none', () => {
    const failed = tell('agent_completed', { agentId: 'a', agentName: 'a', status: 'error' })
    const state = fold([...begun, progress('a', { progress: 40 }), failed])
    expect(agent(state, 'r1', 'a')).toMatchObject({ status: 'error', progress: 40 })
    const again = fold([tell('agent_started', { agentId: 'a', agentName: 'a' })], state)
    expect(agent(again, 'r1', 'a')).toMatchObject({
      status: 'working',
      progress: 0,
      startedAt: 7000,
      endedAt: null,
    })
  })

  it.each([
    [-1, 0],
    [250, 100],
    [Number.NaN, 0],
    [null, 0],
    [12.5, 12.5],
  ])('has progress from 0 to 100: %s counts as %d', (told, counted) => {
    const state = fold([...begun, progress('a', { progress: told as number })])
    expect(agent(state, 'r1', 'a')?.progress).toBe(counted)
  })

  it('of a run nobody announced is not shown, nor counted to another', () => {
    expect(fold([...begun, progress('a', {}, { runId: 'r9' })]).runs).toEqual(fold(begun).runs)
  })
})

describe('what belongs to no run', () => {
  it('is held by the run without an id, which runs while an agent works', () => {
    const state = fold([progress('a'), progress('b')])
    expect(state.runs).toHaveLength(1)
    expect(run(state, RUNLESS)).toMatchObject({ status: 'running', endedAt: null, startedAt: 1000 })
    expect(agent(state, RUNLESS, 'a')?.runId).toBeNull()
    const done = fold([progress('a', { status: 'completed' }), progress('b', { status: 'error' })], state)
    expect(run(done, RUNLESS)).toMatchObject({ status: 'completed', endedAt: 4000, endOffset: 4 })
    expect(run(fold([progress('c')], done), RUNLESS)).toMatchObject({ status: 'running', endedAt: null })
  })

  it('goes to the newest run that is running, in one batch or in many', () => {
    const told = [
      progress('a', { status: 'completed' }),
      tell('run_queued', { runId: 'r1', kind: 'message', messageId: 'u1' }),
      progress('b'),
      tell('run_started', { runId: 'r1', attempt: 1, kind: 'message' }),
      tell('run_started', { runId: 'r2', attempt: 1, kind: 'message' }),
      progress('c'),
      tell('run_completed', { runId: 'r2', status: 'completed' }),
      progress('d'),
    ]
    const state = fold(told)
    expect(state.runs.map((one) => one.agents.map((worker) => worker.id))).toEqual([['a', 'b'], ['d'], ['c']])
    expect(told.reduce((before, one) => fold([one], before), initialConversation('s'))).toEqual(state)
  })

  it('goes with the next user message, once it has ended', () => {
    const next = tell('user_message', { messageId: 'u', content: 'x' })
    expect(fold([progress('a'), next]).runs).toHaveLength(1)
    expect(fold([progress('a', { status: 'idle' }), next]).runs).toHaveLength(0)
  })

  it('waits for input and tells of failure like any run', () => {
    const failure = { code: 'server_error', message: 'x', retryable: false }
    expect(run(fold([tell('error_occurred', failure)]), RUNLESS)).toMatchObject({ status: 'failed', failure })
    const waiting = fold([tell('input_requested', { inputId: 'i', kind: 'k', prompt: '?' })])
    expect(run(waiting, RUNLESS)?.status).toBe('running')
    const resolved = fold([tell('input_resolved', { inputId: 'i', kind: 'k', decision: 'ok' })], waiting)
    expect(run(resolved, RUNLESS)).toMatchObject({ status: 'completed', inputs: [] })
  })
})
