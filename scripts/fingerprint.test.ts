import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { fingerprint } from './fingerprint.mjs'

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fingerprint-'))
  mkdirSync(join(folder, 'src', 'deep'), { recursive: true })
  writeFileSync(join(folder, 'src', 'deep', 'a.ts'), 'one')
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

it('stays the same while nothing changes, and when a missing path is asked for', () => {
  expect(fingerprint(folder, ['src', 'not-there'])).toBe(fingerprint(folder, ['src']))
})

it.each([
  ['edited', () => writeFileSync(join(folder, 'src', 'deep', 'a.ts'), 'two')],
  ['added', () => writeFileSync(join(folder, 'src', 'b.ts'), '')],
  ['renamed', () => renameSync(join(folder, 'src', 'deep', 'a.ts'), join(folder, 'src', 'a.ts'))],
  ['removed', () => rmSync(join(folder, 'src', 'deep', 'a.ts'))],
])('changes when a file is %s', (_, change) => {
  const before = fingerprint(folder, ['src'])
  change()
  expect(fingerprint(folder, ['src'])).not.toBe(before)
})

it('does not mind tests, build output, dependencies and hidden folders', () => {
  const before = fingerprint(folder, ['.'])
  for (const name of ['dist', 'node_modules', '.next']) {
    mkdirSync(join(folder, name))
    writeFileSync(join(folder, name, 'a.ts'), '')
  }
  for (const name of ['a.test.ts', 'next-env.d.ts', 'a.tsbuildinfo'])
    writeFileSync(join(folder, 'src', name), '')
  expect(fingerprint(folder, ['.'])).toBe(before)
})
