import { Failure } from '../failure.mjs'
import { step } from '../progress.mjs'
import { root } from '../toolchain.mjs'
import { mutants } from './list.ts'
import { faultPattern, type Mutant } from './mutant.ts'
import { runTests } from './run-tests.ts'
import { createScratchCopy, type ScratchCopy } from './scratch-copy.ts'
import { judge, tableLine, withoutTest, type Verdict } from './verdict.ts'

const baseTimeoutMs = 10 * 60_000
const mutantTimeoutMs = 90_000

/**
 * Plants each mutant, or those named in `args`, in a copy of the sources and sees whether its fault turns red;
 * `--list` only shows them. Resolves to the exit code: 1 when any survived.
 */
export async function runMutants(args: readonly string[]): Promise<number> {
  const chosen = choose(args.filter((arg) => arg !== '--list'))
  if (args.includes('--list')) {
    for (const { name, fault, file } of chosen) console.log(`${name.padEnd(36)} ${fault.padEnd(3)}  ${file}`)
    return 0
  }
  const copy = await createScratchCopy(root)
  try {
    await requireApplicable(copy, chosen)
    await requireGreen(copy, chosen)
    let survived = 0
    for (const mutant of chosen) {
      const startedAt = performance.now()
      const verdict = await tryMutant(copy, mutant)
      console.log(tableLine(mutant, verdict, performance.now() - startedAt))
      if (!verdict.killed) survived += 1
    }
    console.log(`\n${String(chosen.length - survived)} killed, ${String(survived)} survived`)
    return survived === 0 ? 0 : 1
  } finally {
    await copy.remove()
  }
}

function choose(names: readonly string[]): readonly Mutant[] {
  const unknown = names.filter((name) => !mutants.some((mutant) => mutant.name === name))
  if (unknown.length > 0) {
    throw new Failure(`There is no mutant ${unknown.join(', ')}; npm run mutants -- --list shows them.`)
  }
  return names.length === 0 ? mutants : mutants.filter(({ name }) => names.includes(name))
}

/** All that the sources have moved away from is told at once, before any time is spent. */
async function requireApplicable(copy: ScratchCopy, chosen: readonly Mutant[]): Promise<void> {
  const problems: string[] = []
  for (const mutant of chosen) {
    try {
      const mend = await copy.plant(mutant)
      await mend()
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error))
    }
  }
  if (problems.length > 0) throw new Failure(problems.join('\n'))
}

/** Red before anything is broken, or without a test for the fault, a mutant would prove nothing. */
async function requireGreen({ folder }: ScratchCopy, chosen: readonly Mutant[]): Promise<void> {
  const files = [...new Set(chosen.flatMap(({ tests }) => tests))]
  const outcome = await step(
    `${String(files.length)} test files without a mutant`,
    () => runTests({ folder, files, timeoutMs: baseTimeoutMs }),
    ({ green }) => green,
  )
  if (!outcome.green) {
    throw new Failure('The tests must pass before anything is broken.', { tail: outcome.failed.join('\n') })
  }
  const [first] = withoutTest(chosen, outcome)
  if (first !== undefined) {
    throw new Failure(
      `${first.name}: no test of ${first.tests.join(', ')} matches ${first.test ?? first.fault}.`,
    )
  }
}

async function tryMutant(copy: ScratchCopy, mutant: Mutant): Promise<Verdict> {
  const mend = await copy.plant(mutant)
  try {
    const only = faultPattern(mutant)
    const { folder } = copy
    const outcome = await runTests({ folder, files: mutant.tests, timeoutMs: mutantTimeoutMs, only })
    return judge(mutant, outcome)
  } finally {
    await mend()
  }
}
