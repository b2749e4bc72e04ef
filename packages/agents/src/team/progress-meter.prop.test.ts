import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createMemoryRun } from '../testing/memory-run.ts'
import { startAgent } from './agent-reporter.ts'
import { createProgressMeter } from './progress-meter.ts'

describe('progress', () => {
  it('is told at most twice in any second, the last one always', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(700), { maxLength: 60 }), async (gaps) => {
        let clock = 0
        const told: number[] = []
        const { run, drafts, state } = createMemoryRun({
          question: 'q',
          onWrite: (draft) => {
            if (draft.type === 'agent_progress') told.push(clock)
          },
        })
        const scope = { runId: run.runId, messageId: 'a_1', parentId: 'm_1' }
        const identity = { agentId: 'writer', agentName: 'Writer', role: 'writer' }
        const agent = await startAgent(
          { writer: run.writer, scope, now: () => clock, ...identity },
          'Writing',
        )
        for (const [done, gap] of gaps.entries()) {
          clock += gap
          await agent.progress(done, gaps.length, 'Writing')
        }
        await agent.complete('Done')
        for (const at of told)
          expect(told.filter((other) => other >= at && other < at + 1_000).length).toBeLessThanOrEqual(2)
        expect(drafts.findLast((draft) => draft.type === 'agent_progress')?.data).toMatchObject({
          progress: 100,
        })
        expect(state().runs.at(-1)?.agents[0]).toMatchObject({
          status: 'completed',
          progress: 100,
          summary: 'Done',
        })
      }),
      { numRuns: 50 },
    )
  })

  it('tells the time left from what such steps took before, and none when that is unknown or over', () => {
    let clock = 0
    const unknown = createProgressMeter(() => clock)
    const meter = createProgressMeter(() => clock, 3_500)
    clock = 1_000
    expect(unknown.step(1, 4)).toEqual({ progress: 25, estimatedTimeRemaining: null })
    expect(meter.step(1, 4)).toEqual({ progress: 25, estimatedTimeRemaining: 2_500 })
    expect(meter.step(2, 4)).toBeUndefined()
    clock = 3_000
    expect(meter.step(2, 4)).toEqual({ progress: 50, estimatedTimeRemaining: 500 })
    clock = 4_000
    expect(meter.step(3, 4)).toEqual({ progress: 75, estimatedTimeRemaining: null })
  })
})
