import { StreamError } from '@throughline/protocol'
import type { OwnedRun, RunSource } from '@throughline/server'
import { describe, expect, it } from 'vitest'
import { createMemoryRun, type MemoryRun } from '../testing/memory-run.ts'
import type { Wait } from './backoff.ts'
import { createRunEngine, type RunEngineOptions } from './run-engine.ts'
import type { Team, TeamContext } from './team.ts'

/** A source that hands out what it is given, in order, and then waits to be closed. */
function createScriptedSource(script: readonly (OwnedRun | Error | undefined)[]) {
  const left = [...script]
  let closed = 0
  let claims = 0
  let idle: () => void = () => undefined
  const drained = new Promise<void>((resolve) => {
    idle = resolve
  })
  const source: RunSource = {
    async claim({ signal }) {
      claims += 1
      if (left.length === 0) {
        idle()
        await new Promise<void>((resolve) => {
          if (signal.aborted) resolve()
          else signal.addEventListener('abort', () => resolve())
        })
        return undefined
      }
      const next = left.shift()
      if (next instanceof Error) throw next
      return next
    },
    async close() {
      closed += 1
    },
  }
  return {
    source,
    drained,
    get closed() {
      return closed
    },
    get claims() {
      return claims
    },
  }
}

function gate() {
  let open: () => void = () => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open, opened }
}

/** Never elapses: drains and limits are then decided by the test alone. */
const never: Wait = (_, signal) =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve())
  })
const atOnce: Wait = async () => undefined

function runs(count: number): readonly MemoryRun[] {
  return Array.from({ length: count }, (_, index) =>
    createMemoryRun({ question: 'q', runId: `r_${String(index)}` }),
  )
}

function start(
  script: readonly (MemoryRun | Error | undefined)[],
  work: Team['run'],
  options: Partial<RunEngineOptions> = {},
) {
  const scripted = createScriptedSource(script.map((entry) => (entry && 'run' in entry ? entry.run : entry)))
  const engine = createRunEngine({
    source: scripted.source,
    team: { name: 'test', run: work },
    wait: never,
    random: () => 0.5,
    ...options,
  })
  return { engine, scripted }
}

describe('the run engine', () => {
  it('does every run once and ends each with one terminal event that tells what was used', async () => {
    const memories = runs(5)
    const usage = { inputTokens: 1, outputTokens: 2, model: 'm' }
    const { engine, scripted } = start(memories, async () => usage)
    await scripted.drained
    await engine.close()
    expect(memories.map((memory) => memory.ends)).toEqual(
      memories.map(() => [{ kind: 'complete', value: usage }]),
    )
    expect(scripted.closed).toBe(1)
  })

  it('works on no more runs at a time than it may', async () => {
    const memories = runs(6)
    const gates = memories.map(gate)
    let active = 0
    let most = 0
    const { engine, scripted } = start(
      memories,
      async ({ run }) => {
        active += 1
        most = Math.max(most, active)
        await gates[Number(run.runId.slice(2))]?.opened
        active -= 1
        return undefined
      },
      { concurrency: 2 },
    )
    for (const { open } of gates) {
      await new Promise(setImmediate)
      expect(engine.active).toBeLessThanOrEqual(2)
      open()
    }
    await scripted.drained
    await engine.close()
    expect(most).toBe(2)
    expect(memories.every((memory) => memory.ends.length === 1)).toBe(true)
  })

  it('passes a person’s error on and hides any other', async () => {
    const [known, unknown] = runs(2)
    const refused = new StreamError('auth_error', 'Set a key.')
    const { engine, scripted } = start(
      [known, unknown].filter((run) => run !== undefined),
      async ({ run }) => {
        throw run === known?.run ? refused : new Error('/srv/secret/path.ts:12')
      },
    )
    await scripted.drained
    await engine.close()
    expect(known?.ends).toEqual([{ kind: 'fail', value: refused }])
    const failure = unknown?.ends[0]?.value
    expect(failure).toBeInstanceOf(StreamError)
    expect(String(failure)).not.toContain('secret')
  })

  it('L5 writes no end of its own once the run was ended elsewhere', async () => {
    const [memory] = runs(1)
    if (memory === undefined) return
    const working = gate()
    const { engine, scripted } = start([memory], async ({ signal }) => {
      working.open()
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
      throw signal.reason
    })
    await working.opened
    memory.cancel()
    await scripted.drained
    await engine.close()
    expect(memory.ends).toEqual([])
  })

  it('fails a run that takes longer than it may', async () => {
    const [memory] = runs(1)
    if (memory === undefined) return
    const { engine, scripted } = start(
      [memory],
      ({ signal }) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
      { runLimitMs: 20 },
    )
    await scripted.drained
    await expect.poll(() => memory.ends.length).toBe(1)
    expect(memory.ends[0]).toMatchObject({ kind: 'fail', value: { code: 'server_error' } })
    await engine.close()
  })

  it('lets runs finish when it closes, and takes no more', async () => {
    const memories = runs(1)
    const working = gate()
    const finish = gate()
    const { engine } = start(memories, async () => {
      working.open()
      await finish.opened
      return undefined
    })
    await working.opened
    const closed = engine.close()
    finish.open()
    await closed
    expect(memories[0]?.ends).toEqual([{ kind: 'complete', value: undefined }])
    expect(engine.close()).toBe(closed)
  })

  it('gives runs that outlast the drain back without an end', async () => {
    const memories = runs(1)
    const working = gate()
    const { engine, scripted } = start(
      memories,
      async ({ signal }) => {
        working.open()
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
        throw signal.reason
      },
      { wait: atOnce },
    )
    await working.opened
    await engine.close()
    expect(memories[0]?.ends).toEqual([])
    expect(scripted.closed).toBe(1)
  })

  it('closes within its limits even when a team ignores the end', async () => {
    const memories = runs(1)
    const working = gate()
    const stuck = async ({ run }: TeamContext) => {
      working.open()
      return await new Promise<undefined>(() => run)
    }
    const { engine, scripted } = start(memories, stuck, { wait: atOnce })
    await working.opened
    await engine.close()
    expect([engine.active, scripted.closed]).toEqual([1, 1])
  })

  it('backs off, longer each time and within bounds, while runs cannot be claimed', async () => {
    const waits: number[] = []
    const wait: Wait = async (ms) => {
      waits.push(ms)
    }
    const down = new StreamError('network_error', 'down')
    const memories = runs(1)
    const script = [...Array.from({ length: 9 }, () => down), ...memories, down]
    const { engine, scripted } = start(script, async () => undefined, { wait })
    await scripted.drained
    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000, 500])
    await engine.close()
    expect(memories[0]?.ends).toHaveLength(1)
  })

  it('waits as long as a source asks, within bounds', async () => {
    const waits: number[] = []
    const wait: Wait = async (ms) => {
      waits.push(ms)
    }
    const busy = (retryAfterMs: number) => new StreamError('rate_limited', 'busy', { retryAfterMs })
    const { engine, scripted } = start([busy(7_000), busy(3_600_000)], async () => undefined, { wait })
    await scripted.drained
    await engine.close()
    expect(waits.slice(0, 2)).toEqual([7_000, 60_000])
  })

  it('does not ask a source without end that answers at once that there is nothing', async () => {
    const waits: number[] = []
    const wait: Wait = async (ms) => {
      waits.push(ms)
    }
    const { engine, scripted } = start([undefined, undefined], async () => undefined, { wait })
    await scripted.drained
    await engine.close()
    expect(waits.slice(0, 2)).toEqual([100, 100])
  })

  it('survives an end that cannot be written', async () => {
    const [broken, sound] = runs(2)
    if (broken === undefined || sound === undefined) return
    const refuse = async () => {
      throw new StreamError('conflict', 'The run is over: stop.')
    }
    const run = { ...broken.run, writer: { ...broken.run.writer, complete: refuse } }
    const scripted = createScriptedSource([run, sound.run])
    const engine = createRunEngine({
      source: scripted.source,
      team: { name: 't', run: async () => undefined },
      wait: never,
    })
    await scripted.drained
    await engine.close()
    expect(sound.ends).toHaveLength(1)
  })
})
