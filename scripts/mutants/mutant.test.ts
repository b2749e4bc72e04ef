import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { mutants } from './list.ts'
import { applyMutant, faultPattern, inFolder, type Mutant } from './mutant.ts'

const root = join(import.meta.dirname, '../..')
const mutant: Mutant = {
  name: 'no-check',
  fault: 'R1',
  file: 'a.ts',
  find: 'if (bad) throw new Error()\n',
  replace: '',
  tests: ['a.test.ts'],
}

describe('a mutant', () => {
  it('replaces its text, and that only', () => {
    expect(applyMutant('before\nif (bad) throw new Error()\nafter\n', mutant)).toBe('before\nafter\n')
  })

  it('is put in as it is, whatever signs it holds', () => {
    const odd = { ...mutant, find: 'x', replace: "$& $1 $' $$" }
    expect(applyMutant('(x)', odd)).toBe("($& $1 $' $$)")
  })

  it.each([
    ['its text is no longer', 'changed since', mutant],
    ['its text is more than once', 'xx', { ...mutant, find: 'x' }],
    ['its text is more than once', 'xxx', { ...mutant, find: 'xx' }],
    ['its text is no longer', 'x', { ...mutant, find: '' }],
    ['it changes nothing', 'x', { ...mutant, find: 'x', replace: 'x' }],
  ])('is refused by name when %s in %o', (problem, source, refused) => {
    expect(() => applyMutant(source, refused)).toThrow(`no-check: ${problem} in a.ts`)
  })

  it('finds the tests of its fault by the whole code, or by the words given', () => {
    const holds = (name: string, test?: string): boolean =>
      faultPattern(test === undefined ? mutant : { ...mutant, test }).test(name)
    expect(holds('R1 a stream cut anywhere gives the same')).toBe(true)
    expect(holds('reading L3 R1: cut')).toBe(true)
    expect(holds('R10 the last append')).toBe(false)
    expect(holds('ER1 something')).toBe(false)
    expect(holds('refuses "a.b" (twice)', 'refuses "a.b" (twice)')).toBe(true)
    expect(holds('refuses "aXb" (twice)', 'refuses "a.b" (twice)')).toBe(false)
  })

  it('may be written relative to a folder', () => {
    const [moved] = inFolder('packages/x/src', [mutant])
    expect(moved).toMatchObject({ file: 'packages/x/src/a.ts', tests: ['packages/x/src/a.test.ts'] })
  })
})

describe('the mutants', () => {
  it('have names of their own', () => {
    expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length)
  })

  it.each(mutants)('$name breaks $file as it is now', (listed) => {
    expect(listed.name).toMatch(/^[a-z]+(-[a-z]+)*$/)
    expect(listed.fault).toMatch(/^[RCESLPAB][0-9]{1,2}$/)
    expect(() => applyMutant(readFileSync(join(root, listed.file), 'utf8'), listed)).not.toThrow()
    expect(listed.tests.filter((path) => !existsSync(join(root, path)))).toEqual([])
  })
})
