import { describe, expect, it } from 'vitest'
import { agent, asked, begun, chunk, fold, held, progress, run, tell } from './testing/told.ts'

describe('a run', () => {
  it('is queued, runs and completes', () => {
    const state = fold(asked)
    expect(run(state, 'r1')).toMatchObject({ status: 'queued', messageId: 'u1', offset: 2, endOffset: null })
    const running = fold(begun)
    expect(run(running, 'r1')).toMatchObject({
      status: 'running',
      queuedAt: 2000,
      startedAt: 3000,
      endedAt: null,
    })
    const ended = fold([
      ...begun,
      tell('run_completed', { runId: 'r1', status: 'completed', reason: 'done' }),
    ])
    expect(run(ended, 'r1')).toMatchObject({
      status: 'completed',
      reason: 'done',
      endedAt: 5000,
      endOffset: 5,
    })
  })

  it('may start unannounced, and twice when it was handed over', () => {
    const started = tell('run_started', { runId: 'r1', attempt: 1, kind: 'regenerate' })
    const state = fold([
      started,
      progress('a', {}, { runId: 'r1' }),
      { ...started, data: { ...(started.data as object), attempt: 2 } },
    ])
    expect(state.runs).toHaveLength(1)
    expect(run(state, 'r1')).toMatchObject({ status: 'running', kind: 'regenerate', startedAt: 1000 })
    expect(agent(state, 'r1', 'a')).toBeDefined()
  })

  it.each([
    ['completed', 'interrupted', 'idle'],
    ['failed', 'failed', 'error'],
    ['cancelled', 'cancelled', 'idle'],
    ['interrupted', 'interrupted', 'error'],
  ] as const)(
    'that ends %s leaves its open messages %s with their text, its agents %s',
    (status, cut, stopped) => {
      const state = fold([
        ...begun,
        chunk('part'),
        progress('a', { estimatedTimeRemaining: 9 }),
        progress('b', { status: 'completed', progress: 100 }),
        tell('input_requested', { inputId: 'i', kind: 'plan', prompt: '?' }),
        tell('message_started', { messageId: 'other', role: 'assistant' }, { runId: 'r2' }),
        tell('run_completed', { runId: 'r1', status }),
      ])
      expect(held(state, 'm1')).toMatchObject({
        content: 'part',
        status: cut,
        integrity: 'truncated',
        endedAt: 10_000,
      })
      expect(held(state, 'other')?.status).toBe('streaming')
      expect(agent(state, 'r1', 'a')).toMatchObject({
        status: stopped,
        estimatedTimeRemaining: null,
        endedAt: 10_000,
      })
      expect(agent(state, 'r1', 'b')).toMatchObject({ status: 'completed', endedAt: 7000 })
      expect(run(state, 'r1')?.inputs).toEqual([])
    },
  )

  it('L5 ends once: the first end counts', () => {
    const state = fold([...begun, tell('run_completed', { runId: 'r1', status: 'cancelled' })])
    const after = fold([tell('run_completed', { runId: 'r1', status: 'completed' })], state)
    expect(after.runs).toBe(state.runs)
  })

  it('that ended takes nothing that comes late, and asked for again it begins anew', () => {
    const ended = fold([...begun, tell('run_completed', { runId: 'r1', status: 'cancelled' })])
    const late = [
      progress('a', {}, { runId: 'r1' }),
      tell('error_occurred', { code: 'x', message: 'x', retryable: false }, { runId: 'r1' }),
      tell('research_plan', { questions: [] }, { runId: 'r1' }),
    ]
    expect(fold(late, ended).runs).toBe(ended.runs)
    const again = fold([tell('run_queued', { runId: 'r1', kind: 'continue', messageId: 'u1' })], ended)
    expect(again.runs).toHaveLength(1)
    expect(run(again, 'r1')).toMatchObject({ kind: 'continue', status: 'queued', startedAt: null, offset: 6 })
  })

  it('ends the open messages of a run that is not held', () => {
    const state = fold([
      tell('message_started', { messageId: 'm', role: 'assistant' }, { runId: 'outside' }),
      tell('run_completed', { runId: 'outside', status: 'failed' }),
    ])
    expect(held(state, 'm')?.status).toBe('failed')
    expect(state.runs).toEqual([])
  })

  it('says what went wrong, under either name, and goes on until its end', () => {
    const failure = { code: 'server_error', message: 'The model is away', retryable: true }
    for (const type of ['error_occurred', 'error_event']) {
      const state = fold([...begun, { type, data: failure, runId: 'r1' }])
      expect(run(state, 'r1')).toMatchObject({ failure, status: 'running' })
    }
  })

  it('has a plan and findings, the newest for each question', () => {
    const finding = (questionId: string, question: string) => ({ questionId, question, citations: [] })
    const state = fold([
      ...begun,
      tell('research_plan', { questions: [{ id: 'q1', question: 'Q1' }] }),
      tell('research_results', { findings: [finding('q1', 'a'), finding('q2', 'b')] }),
      tell('research_results', { findings: [finding('q1', 'c')] }),
    ])
    expect(run(state, 'r1')).toMatchObject({
      plan: [{ id: 'q1', question: 'Q1' }],
      findings: [finding('q1', 'c'), finding('q2', 'b')],
    })
  })

  it('waits for input until it is resolved, by its run or by its id alone', () => {
    const request = tell('input_requested', { inputId: 'i', kind: 'plan', prompt: '?', agentId: 'planner' })
    const resolved = { inputId: 'i', kind: 'plan', decision: 'approve' }
    const state = fold([...begun, request])
    expect(run(state, 'r1')?.inputs).toEqual([
      { inputId: 'i', kind: 'plan', prompt: '?', options: null, agentId: 'planner', requestedAt: 5000 },
    ])
    expect(run(fold([request], state), 'r1')?.inputs).toHaveLength(1)
    for (const scope of [{}, { runId: 'r1' }]) {
      expect(run(fold([tell('input_resolved', resolved, scope)], state), 'r1')?.inputs).toEqual([])
    }
    const elsewhere = fold([tell('input_resolved', resolved, { runId: 'r9' })], state)
    const steering = fold([tell('input_resolved', { ...resolved, inputId: 'steer' })], state)
    expect([elsewhere.runs, steering.runs]).toEqual([state.runs, state.runs])
  })
})
