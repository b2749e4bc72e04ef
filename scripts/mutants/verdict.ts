import { faultPattern, type Mutant } from './mutant.ts'

/** What a run of tests came to. */
export interface TestOutcome {
  readonly passed: readonly string[]
  readonly failed: readonly string[]
  /** Nothing failed, inside or outside of a test. */
  readonly green: boolean
  readonly timedOut: boolean
}

/** Whether a fault turned red for a mutant. */
export type Verdict =
  { readonly killed: true; readonly by: string } | { readonly killed: false; readonly why: string }

/** Judges a mutated run: only a failed test that holds the fault counts, not whatever else broke. */
export function judge(mutant: Mutant, { passed, failed, green, timedOut }: TestOutcome): Verdict {
  const pattern = faultPattern(mutant)
  const by = failed.find((name) => pattern.test(name))
  if (by !== undefined) return { killed: true, by }
  if (timedOut) return { killed: false, why: 'its tests ran out of time' }
  if (passed.length + failed.length === 0)
    return { killed: false, why: `no test of ${mutant.fault} could run` }
  return { killed: false, why: green ? 'every test passed' : `it failed outside of tests of ${mutant.fault}` }
}

/** The mutants whose fault no test that passes unmutated holds: they could never be killed. */
export function withoutTest(mutants: readonly Mutant[], { passed }: TestOutcome): readonly Mutant[] {
  return mutants.filter((mutant) => !passed.some((name) => faultPattern(mutant).test(name)))
}

/** One line of the table. */
export function tableLine({ name, fault }: Mutant, verdict: Verdict, ms: number): string {
  const outcome = verdict.killed ? verdict.by : `SURVIVED: ${verdict.why}`
  const seconds = `${(ms / 1_000).toFixed(1)} s`
  return `${verdict.killed ? '✓' : '✗'} ${name.padEnd(34)} ${fault.padEnd(3)} ${seconds.padStart(6)}  ${outcome}`
}
