import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '..', '..')

test('docs/faults.md names each code once, and each file it names carries the code', async () => {
  const page = await readFile(join(ROOT, 'docs/faults.md'), 'utf8')
  const rows = page
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter(([, codes = '']) => /^([RCELSPAB]\d+ ?)+$/.test(codes))
  const codes = rows.flatMap(([, cell = '']) => cell.split(' '))
  expect(new Set(codes).size).toBe(codes.length)
  expect(codes.length).toBeGreaterThan(60)
  for (const [, code = '', , files = ''] of rows) {
    for (const [, path = ''] of files.matchAll(/`([^`]+)`/g)) {
      const text = await readFile(join(ROOT, path), 'utf8')
      expect(new RegExp(`['"\`]([A-Z]\\d+ )*${code} `).test(text), `${code} in ${path}`).toBe(true)
    }
  }
})
