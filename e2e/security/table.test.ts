import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '..', '..')

test('each promise of SECURITY.md names tests that exist', async () => {
  const page = await readFile(join(ROOT, 'SECURITY.md'), 'utf8')
  const rows = page.split('\n').filter((line) => line.startsWith('| ') && line.includes('.test.ts'))
  expect(rows.length).toBeGreaterThan(15)
  for (const row of rows) {
    const named = [...row.matchAll(/`([^`]+\.test\.ts)` "([^"]+)"/g)]
    expect(named.length, row).toBeGreaterThan(0)
    // A file without its test would be no evidence.
    expect(named.length, row).toBe([...row.matchAll(/\.test\.ts/g)].length)
    for (const [, path = '', title = ''] of named) {
      const text = await readFile(join(ROOT, path), 'utf8')
      expect(text.includes(title), `"${title}" in ${path}`).toBe(true)
    }
  }
})
