import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ClassicLevel } from 'classic-level'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { offsetsOf, startSessionOneByOne } from '../../testing/records.ts'
import { eventKey } from '../embedded/keys.ts'
import { openEmbedded } from '../embedded.ts'
import { runLogData } from './log-data.ts'

let root: string
let log: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'throughline-'))
  log = join(root, 'log')
  const driver = await openEmbedded({ directory: log })
  await startSessionOneByOne(driver, 'a', 5)
  await driver.dispose()
})

afterEach(() => rm(root, { recursive: true }))

async function run(...args: string[]): Promise<{ code: number; output: string }> {
  const lines: string[] = []
  const code = await runLogData(args, (line) => lines.push(line))
  return { code, output: lines.join('\n') }
}

test('check, backup and restore of a whole log', async () => {
  expect(await run('check', log)).toEqual({ code: 0, output: '1 streams, 5 events, 0 problems.' })
  expect((await run('backup', log, join(root, 'backup'))).code).toBe(0)
  expect(await run('backup', log, join(root, 'backup'))).toMatchObject({ code: 1 })
  expect(await run('restore', join(root, 'backup'), log)).toMatchObject({ code: 1 })
  expect(await run('restore', join(root, 'backup'), join(root, 'again'))).toEqual({
    code: 0,
    output: '1 streams, 5 events, 0 problems.',
  })
  const driver = await openEmbedded({ directory: join(root, 'again') })
  expect(await offsetsOf(driver, 'a')).toEqual([1, 2, 3, 4, 5])
  await driver.dispose()
})

test('a damaged log is named and repaired', async () => {
  const db = new ClassicLevel(join(log, 'store'))
  await db.del(eventKey('a', 3))
  await db.close()
  const problem = 'Events of session a between 2 and 4 are missing or damaged.\n'
  expect(await run('check', log)).toEqual({ code: 1, output: `${problem}1 streams, 4 events, 1 problems.` })
  expect((await run('repair', log)).code).toBe(0)
  expect((await run('check', log)).code).toBe(0)
})

test('what is no log, is in use, or makes no sense, is said', async () => {
  expect((await run('check', join(root, 'none'))).output).toContain('There is no log')
  expect((await run('backup', log)).code).toBe(2)
  expect((await run()).output).toContain('Usage')
  const driver = await openEmbedded({ directory: log })
  expect((await run('check', log)).output).toContain('Another Throughline is using')
  await driver.dispose()
})
