/** Decides, from a seed, in which order things that could happen at the same time do happen. */
export interface Scheduler {
  /** A number in `[0, 1)`, the same for the same seed. */
  random(): number
  /** A place where others may come first: resolves when it is chosen. */
  step(): Promise<void>
  /** Runs `fn` when it is chosen, unless the returned function is called first. */
  later(fn: () => void): () => void
  /** Chooses until nothing is left or `isOver` says so. */
  run(isOver: () => boolean): Promise<void>
}

/** Most choices of one run: a test that needs more does not end. */
const MAX_CHOICES = 100_000

/** A scheduler whose every choice follows from `seed`. */
export function createScheduler(seed: number): Scheduler {
  const random = createRandom(seed)
  const waiting: (() => void)[] = []

  const later = (fn: () => void): (() => void) => {
    waiting.push(fn)
    return () => {
      const at = waiting.indexOf(fn)
      if (at >= 0) waiting.splice(at, 1)
    }
  }

  return {
    random,
    later,
    step: () => new Promise((resolve) => later(resolve)),
    async run(isOver) {
      for (let choice = 0; choice < MAX_CHOICES; choice += 1) {
        await settle()
        if (isOver() || waiting.length === 0) return
        const [chosen] = waiting.splice(Math.floor(random() * waiting.length), 1)
        chosen?.()
      }
      throw new Error(`The run of seed ${String(seed)} does not end.`)
    },
  }
}

/** Numbers in `[0, 1)` that follow from `seed` (an xorshift over 32 bits). */
export function createRandom(seed: number): () => number {
  let state = Math.imul(seed + 1, 0x9e3779b1) | 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 0x1_0000_0000
  }
}

/** Lets every promise that can go on do so. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 24; turn += 1) await Promise.resolve()
}
