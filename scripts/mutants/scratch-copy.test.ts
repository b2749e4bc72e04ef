import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { createScratchCopy } from './scratch-copy.ts'

const root = mkdtempSync(join(tmpdir(), 'throughline-scratch-test-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}
const mutant = {
  name: 'm',
  fault: 'R1',
  file: 'packages/own/src/a.ts',
  find: 'good',
  replace: 'bad',
  tests: [],
}

it('breaks and mends a copy that uses the installed packages and its own sources', async () => {
  write('packages/own/src/a.ts', 'good')
  write('packages/own/dist/a.js', 'built')
  write('vitest.config.ts', 'config')
  write('node_modules/foreign/index.js', 'installed')
  write('node_modules/.vite/cache', 'cached')
  mkdirSync(join(root, 'node_modules/@throughline'))
  symlinkSync('../../packages/own', join(root, 'node_modules/@throughline/own'), 'junction')

  const copy = await createScratchCopy(root)
  const read = (path: string): string => readFileSync(join(copy.folder, path), 'utf8')
  try {
    const mend = await copy.plant(mutant)
    expect(read('node_modules/@throughline/own/src/a.ts')).toBe('bad')
    expect(readFileSync(join(root, mutant.file), 'utf8')).toBe('good')
    await mend()
    expect(read(mutant.file)).toBe('good')
    expect(read('vitest.config.ts')).toBe('config')
    const foreign = join('node_modules', 'foreign')
    expect(realpathSync(join(copy.folder, foreign))).toBe(realpathSync(join(root, foreign)))
    expect(() => read('packages/own/dist/a.js')).toThrow('ENOENT')
    expect(() => read('node_modules/.vite/cache')).toThrow('ENOENT')
  } finally {
    await copy.remove()
  }
  expect(() => realpathSync(copy.folder)).toThrow('ENOENT')
})
