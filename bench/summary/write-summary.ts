import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { readResults } from '../harness/results.ts'
import { summary } from './summary.ts'

const README = join(import.meta.dirname, '..', '..', 'README.md')
const BEGIN = '<!-- bench: written by `npm run bench` -->'
const END = '<!-- /bench -->'

/** Puts what was measured last into the README. @throws when its markers are gone */
export async function writeSummary(): Promise<void> {
  const text = await readFile(README, 'utf8')
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)]
  if (begin === -1 || end < begin) throw new Error('README.md has lost the markers of the benchmarks')
  const block = `${BEGIN}\n\n${summary(readResults())}\n`
  const whole = text.slice(0, begin) + block + text.slice(end)
  const options = (await resolveConfig(README)) ?? {}
  await writeFile(README, await format(whole, { ...options, filepath: README }))
}
