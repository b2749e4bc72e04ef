import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createStepTimes } from './step-times.ts'
import { openStepTimes } from './step-times-file.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'throughline-times-'))
})
afterEach(() => rm(directory, { recursive: true }))

it('tells the typical duration of a step once it was measured often enough', () => {
  const times = createStepTimes()
  times.add('m/writer', 4_000)
  times.add('m/writer', 90_000)
  expect(times.typicalMs('m/writer')).toBeUndefined()
  times.add('m/writer', 5_000)
  expect(times.typicalMs('m/writer')).toBe(5_000)
  expect(times.typicalMs('m/planner')).toBeUndefined()
})

it('keeps the latest durations only, of a bounded number of steps', () => {
  const times = createStepTimes()
  for (let at = 0; at < 300; at += 1) times.add(`step ${String(at)}`, at)
  for (let at = 0; at < 50; at += 1) times.add('step 299', at)
  expect(times.entries()).toHaveLength(200)
  expect(times.entries().at(-1)?.[1]).toHaveLength(20)
})

it('knows after a restart what was measured before it', async () => {
  const path = join(directory, 'times.json')
  const first = await openStepTimes(path)
  for (const duration of [1_000, 2_000, 3_000]) first.add('m/writer', duration)
  await first.saved()
  expect((await openStepTimes(path)).typicalMs('m/writer')).toBe(2_000)
})

it('begins anew with a file that is damaged', async () => {
  const path = join(directory, 'times.json')
  await writeFile(path, '[["m/writer",[1,2,"x"]],["m/planner",[1,2,3]],')
  expect((await openStepTimes(path)).entries()).toEqual([])
  await writeFile(path, '[["m/writer",[1,2,"x"]],["m/planner",[1,2,3]]]')
  expect((await openStepTimes(path)).entries()).toEqual([['m/planner', [1, 2, 3]]])
})
