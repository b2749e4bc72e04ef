import { existsSync, readFileSync } from 'node:fs'
import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadDevelopmentSecret } from './development-secret.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'throughline-'))
})
afterEach(() => rm(root, { recursive: true }))

const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8)

test('is made once, at random, for its owner alone', async () => {
  const directory = join(root, 'data')
  const made = await Promise.all([1, 2, 3].map(() => loadDevelopmentSecret(directory)))
  expect(new Set(made).size).toBe(1)
  expect(made[0]).toMatch(/^[0-9a-f]{64}$/)
  expect(await loadDevelopmentSecret(directory)).toBe(made[0])
  expect(await loadDevelopmentSecret(join(root, 'other'))).not.toBe(made[0])
  expect([await modeOf(directory), await modeOf(join(directory, 'secret'))]).toEqual(['700', '600'])
})

test('is there whole or not at all, as another process sees it, and nothing beside it', async () => {
  const directory = join(root, 'data')
  const path = join(directory, 'secret')
  const seen = new Set<string>()
  let isMade = false
  const watching = (async () => {
    while (!isMade) {
      if (existsSync(path)) seen.add(readFileSync(path, 'utf8').trim())
      await setImmediate()
    }
  })()
  const made = await loadDevelopmentSecret(directory)
  isMade = true
  await watching
  expect(seen.add(made)).toEqual(new Set([made]))
  expect(await readdir(directory)).toEqual(['secret'])
})

test('is closed again when a copy had opened it', async () => {
  const secret = await loadDevelopmentSecret(root)
  await chmod(join(root, 'secret'), 0o644)
  expect(await loadDevelopmentSecret(root)).toBe(secret)
  expect(await modeOf(join(root, 'secret'))).toBe('600')
})

test('is refused when somebody wrote a weak one there', async () => {
  await writeFile(join(root, 'secret'), 'secret\n')
  await expect(loadDevelopmentSecret(root)).rejects.toThrow('too short')
})
