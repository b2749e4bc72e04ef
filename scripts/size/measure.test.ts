import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { measure } from './measure.ts'

/** Text that does not compress, as much as asked for. */
function noise(length: number): string {
  let state = 7
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return (state >>> 24).toString(36)
  }).join('')
}

it('counts what is loaded at once, what comes later beyond it, and nothing that is external', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'size-'))
  onTestFinished(() => {
    rmSync(folder, { recursive: true })
  })
  const write = (name: string, text: string): void => {
    writeFileSync(join(folder, name), text)
  }
  write('shared.js', `export const shared = '${noise(2_000)}'`)
  write('later.js', `import { shared } from './shared.js'; export const later = shared + '${noise(500)}'`)
  write('first.js', `export { shared } from './shared.js'; export const load = () => import('./later.js')`)
  const part = { name: 'part', bytes: 0, lazyBytes: 0 }
  const whole = await measure({ ...part, source: `export * from './first.js'` }, folder)
  expect(whole.bytes).toBeGreaterThan(2_000)
  expect(whole.lazy.map(({ name }) => name)).toEqual(['later.js'])
  expect(whole.lazy[0]?.bytes).toBeGreaterThan(500)
  expect(whole.lazy[0]?.bytes).toBeLessThan(1_200)
  const rest = await measure({ ...part, source: `export * from 'outside'`, external: ['outside'] }, folder)
  expect(rest.bytes).toBeLessThan(200)
})
