import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ConversationState, Draft, Envelope } from '@throughline/protocol'
import { fold, join, readOn, shown } from './testing/readers.ts'
import { DRIVERS, chunksOf, offsetOf, openTidyLog, turn, type TidyLog } from './testing/tidy-log.ts'

type End = NonNullable<Parameters<typeof turn>[2]>

/** What may happen to a session: turns side by side, a message begun twice, time, laps and restarts. */
type Step =
  | { readonly do: 'turn'; readonly chunks: number; readonly end: End }
  | { readonly do: 'together'; readonly chunks: number; readonly ends: readonly [End, End] }
  | { readonly do: 'end'; readonly end: 'completed' | 'cancelled' }
  | { readonly do: 'again' }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'lap' | 'restart' | 'look' }

const end = fc.constantFrom<End>('completed', 'completed', 'open', 'cancelled', 'failed', 'interrupted')
const chunks = fc.nat(6)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('turn' as const), chunks, end }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('together' as const), chunks, ends: fc.tuple(end, end) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('end' as const),
      end: fc.constantFrom('completed' as const, 'cancelled' as const),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'again' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(400, 1_000, 5_000) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom('lap' as const, 'restart' as const, 'look' as const) }),
  },
)
const limits = fc.record({
  retainEvents: fc.constantFrom(0, 1, 10, 30),
  retainBytes: fc.constantFrom(0, 0, 3_000),
  retainMs: fc.constantFrom(0, 0, 4_000),
  compactAfterMs: fc.constantFrom(0, 1_000),
})

/** The drafts of two turns, taken in turns. */
function interleave(one: readonly Draft[], other: readonly Draft[]): Draft[] {
  const length = Math.max(one.length, other.length)
  return Array.from({ length }, (_, index) => [one[index], other[index]])
    .flat()
    .filter((draft) => draft !== undefined)
}

/** The end of a turn that was left open. */
function endOf(id: string, how: 'completed' | 'cancelled', history: readonly Envelope[]): Draft[] {
  const text = fold(history).messages.find((message) => message.id === `a-${id}`)?.content ?? ''
  const over: Draft = { type: 'run_completed', runId: `r-${id}`, data: { runId: `r-${id}`, status: how } }
  const data = { messageId: `a-${id}`, sessionId: 's', finalContent: text }
  return how === 'completed' ? [{ type: 'message_completed', runId: `r-${id}`, data }, over] : [over]
}

async function play(world: TidyLog, steps: readonly Step[], retainMs: number): Promise<void> {
  const open: string[] = []
  let turns = 0
  const write = (size: number, how: End): Draft[] => {
    const id = String(++turns)
    if (how === 'open') open.push(id)
    return turn(id, size, how)
  }
  for (const step of steps) {
    world.time += 1
    switch (step.do) {
      case 'turn':
        await world.append(...write(step.chunks, step.end))
        break
      case 'together': {
        const [one, other] = step.ends
        await world.append(...interleave(write(step.chunks, one), write(step.chunks, other)))
        break
      }
      case 'end': {
        const id = open.shift()
        if (id !== undefined) await world.append(...endOf(id, step.end, world.history))
        break
      }
      case 'again': {
        const [id] = open
        if (id !== undefined) await world.append(...turn(id, 2, 'open').slice(3))
        break
      }
      case 'wait':
        world.time += step.ms
        break
      case 'lap':
        await world.retention.sweep()
        break
      case 'restart':
        await world.restart()
        break
      case 'look':
        await checkReaders(world, retainMs)
    }
  }
}

/** Whoever reads, from wherever, adds it up to what was ever written, but for what was erased for its age. */
async function checkReaders(world: TidyLog, retainMs: number): Promise<void> {
  const { history, driver } = world
  const whole = shown(fold(history))
  const stored = await world.stored()
  const first = stored[0] === undefined ? 1 : (stored[0].prev ?? offsetOf(stored[0]) - 1) + 1
  const joined = shown(await join(driver))
  const isGone = ({ offset }: { offset: number }, held: readonly { offset: number }[]): boolean =>
    retainMs > 0 && offset < first && !held.some((each) => each.offset === offset)
  expect(joined).toEqual({
    ...whole,
    hasOlder: joined.hasOlder,
    messages: whole.messages.filter((message) => !isGone(message, joined.messages)),
    runs: whole.runs.filter((run) => !isGone(run, joined.runs)),
  })
  for (let place = 0; place <= history.length; place += 3) {
    const from: ConversationState = fold(history.slice(0, place))
    if (place > 0 && place < first - 1) {
      await expect(readOn(driver, from)).rejects.toMatchObject({ reason: 'trimmed' })
    } else if (place > 0 || first === 1) expect(shown(await readOn(driver, from))).toEqual(whole)
  }
}

/** What is left is as it was; what is gone was before the beginning, or a chunk of a message that completed. */
function checkRemoved(history: readonly Envelope[], left: readonly Envelope[]): void {
  const kept = new Map(left.map((event) => [offsetOf(event), event]))
  const first = left[0] === undefined ? 1 : offsetOf(left[0])
  const completed = new Set(
    history
      .filter(({ type }) => type === 'message_completed')
      .flatMap(({ data }) => chunksOf(history, idOf(data))),
  )
  for (const event of history) {
    const { prev: _, ...now } = { prev: 0, ...kept.get(offsetOf(event)) }
    if (kept.has(offsetOf(event))) expect(now).toEqual(event)
    else expect(offsetOf(event) < first || completed.has(offsetOf(event))).toBe(true)
  }
  // Trimmed away are whole turns only.
  const open = fold(history.filter((event) => offsetOf(event) < first))
  expect(open.runs.filter((run) => run.endOffset === null)).toEqual([])
  expect(open.messages.filter((message) => message.status === 'streaming')).toEqual([])
}

function idOf(data: unknown): string {
  return (data as { messageId: string }).messageId
}

for (const [name, numRuns] of [
  [DRIVERS[0], 150],
  [DRIVERS[1], 15],
] as const) {
  test(`R6 whatever was compacted and trimmed when, every reader folds the same (${name})`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), limits, async (steps, options) => {
        const world = await openTidyLog(name, options)
        try {
          await play(world, steps, options.retainMs)
          await world.retention.sweep()
          await checkReaders(world, options.retainMs)
          checkRemoved(world.history, await world.stored())
          expect(world.errors).toEqual([])
        } finally {
          await world.close()
        }
      }),
      { numRuns },
    )
  })
}
