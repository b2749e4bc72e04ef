/** A break planted in the source, and the fault that must turn red for it. */
export interface Mutant {
  /** What is broken, in kebab-case. */
  readonly name: string
  /** Code of the fault: a test that carries it in its name must fail. */
  readonly fault: string
  /** Words of the own name of the test that must fail, where no name carries the code. */
  readonly test?: string
  /** Source file, from the root of the repository. */
  readonly file: string
  /** Exact text, found once in the file. */
  readonly find: string
  readonly replace: string
  /** Test files that hold the fault, from the root of the repository. */
  readonly tests: readonly string[]
}

/** Completes the paths of mutants that are written relative to `folder`. */
export function inFolder(folder: string, mutants: readonly Mutant[]): readonly Mutant[] {
  return mutants.map((mutant) => ({
    ...mutant,
    file: `${folder}/${mutant.file}`,
    tests: mutant.tests.map((path) => `${folder}/${path}`),
  }))
}

/** The broken source. @throws Error when the text to break is missing, ambiguous or unchanged */
export function applyMutant(source: string, { name, file, find, replace }: Mutant): string {
  const problem = (what: string): Error => new Error(`${name}: ${what} in ${file}; adapt the mutant.`)
  const at = source.indexOf(find)
  if (find === '' || at === -1) throw problem('its text is no longer')
  if (source.includes(find, at + 1)) throw problem('its text is more than once')
  if (find === replace) throw problem('it changes nothing')
  return source.slice(0, at) + replace + source.slice(at + find.length)
}

/** Matches the names of the tests that hold the mutant's fault. */
export function faultPattern({ fault, test }: Mutant): RegExp {
  if (test === undefined) return new RegExp(`(?<![A-Za-z0-9])${fault}(?![A-Za-z0-9])`)
  return new RegExp(test.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
}
