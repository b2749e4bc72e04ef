/** How long the steps of earlier runs took. */
export interface StepTimes {
  /** Takes note of a step that was done. */
  add(step: string, durationMs: number): void
  /** The median of the latest, in milliseconds; `undefined` before there are enough to tell. */
  typicalMs(step: string): number | undefined
  /** Everything known, to be kept. */
  entries(): StepDurations
}

/** The latest durations of each step, oldest first. */
export type StepDurations = readonly (readonly [step: string, durationsMs: readonly number[]])[]

const ENOUGH = 3
const LATEST = 20
/** Steps told apart, by team and role; the one not seen for longest is forgotten. */
const MAX_STEPS = 200

/** Begins with what was kept. */
export function createStepTimes(kept: StepDurations = []): StepTimes {
  const steps = new Map<string, readonly number[]>(kept)
  return {
    add(step, durationMs) {
      const latest = [...(steps.get(step) ?? []), Math.round(durationMs)].slice(-LATEST)
      steps.delete(step)
      steps.set(step, latest)
      const [oldest] = steps.keys()
      if (steps.size > MAX_STEPS && oldest !== undefined) steps.delete(oldest)
    },
    typicalMs(step) {
      const durations = [...(steps.get(step) ?? [])].sort((a, b) => a - b)
      return durations.length < ENOUGH ? undefined : durations[Math.floor(durations.length / 2)]
    },
    entries: () => [...steps],
  }
}
