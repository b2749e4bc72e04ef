import type { RunInputEvent } from './run-writer.ts'

/** Inputs of one run on their way to its agents. */
export interface InputQueue extends AsyncIterable<RunInputEvent> {
  push(input: RunInputEvent): void
  /** What is held is still given out; then the iteration ends. */
  end(): void
}

/** Inputs held for a team that does not listen; beyond that the oldest goes. */
const MAX_HELD = 1_000

export function createInputQueue(): InputQueue {
  const held: RunInputEvent[] = []
  let ended = false
  const waiting = new Set<() => void>()
  const wake = (): void => {
    for (const resolve of waiting) resolve()
    waiting.clear()
  }
  return {
    push(input) {
      if (ended) return
      held.push(input)
      if (held.length > MAX_HELD) held.shift()
      wake()
    },
    end() {
      ended = true
      wake()
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const input = held.shift()
        if (input !== undefined) yield input
        else if (ended) return
        else await new Promise<void>((resolve) => waiting.add(resolve))
      }
    },
  }
}
