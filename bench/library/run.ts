/**
 * Search over a large library.
 *
 *   npm run bench -- library [pages]
 *
 * Method: 10,000 pages (or as many as asked) are made of the documentation that ships with `next`, each of four
 * sections drawn from all of its pages (seed 1), and indexed through the library as the app does. Then (1) the graded
 * and development questions of `npm run evaluate` and (2) as many queries of three words drawn from the pages are
 * searched, five rounds, one after the other, from another thread as in the app. (3) The same while pages are being
 * added. Beside the times: how many of the questions have a passage of a right page among the first three. The CPU time is that of the whole process, so it bears a busy machine. Absolute figures follow the machine and what else runs on it, which is why its load is printed.
 */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { findNextDocs, openLibrary, type Corpus, type Library } from '@throughline/agents'
import { EVALUATION_QUESTIONS } from '@throughline/agents/testing'

const [, , count = '10000'] = process.argv
const SECTIONS = 4
const ROUNDS = 5
const OWNER = 'bench'

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const corpus = findNextDocs(new URL('../../apps/web/package.json', import.meta.url))
if (corpus === null) throw new Error('The `next` package is not installed: run `npm install` first.')

async function readSections({ directory }: Corpus): Promise<readonly string[]> {
  const paths = (await readdir(directory, { recursive: true })).filter((path) => path.endsWith('.md'))
  const texts = await Promise.all(paths.sort().map((path) => readFile(join(directory, path), 'utf8')))
  return texts.flatMap((text) => text.split(/^(?=## )/m)).filter((section) => section.length > 200)
}

async function measure(library: Library, name: string, queries: readonly string[]): Promise<void> {
  const times: number[] = []
  const before = process.cpuUsage()
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const query of queries) {
      const started = performance.now()
      await library.search({ query, owners: [OWNER, null] })
      times.push(performance.now() - started)
    }
  }
  const { user, system } = process.cpuUsage(before)
  const cpu = ((user + system) / 1_000 / times.length).toFixed(1)
  times.sort((a, b) => a - b)
  const at = (part: number) => (times[Math.floor(part * (times.length - 1))] ?? 0).toFixed(1)
  console.log(`| ${name} | ${String(times.length)} | ${at(0.5)} | ${at(0.95)} | ${at(1)} | ${cpu} |`)
}

/** Questions with a passage of a right page among their first three. */
async function countRight(library: Library, { directory }: Corpus): Promise<number> {
  let right = 0
  for (const { question, pages } of EVALUATION_QUESTIONS) {
    const texts = await Promise.all(pages.map((page) => readFile(join(directory, page), 'utf8')))
    const { passages } = await library.search({ query: question, owners: [OWNER, null] })
    const first = passages.slice(0, 3).map(({ text }) => bare(text))
    if (texts.map(bare).some((text) => first.some((passage) => text.includes(passage)))) right += 1
  }
  return right
}

function bare(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

const random = createRandom(1)
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
const sections = await readSections(corpus)
const makePage = (number: number): string =>
  `# Page ${String(number)}\n\n${Array.from({ length: SECTIONS }, () => pick(sections)).join('\n\n')}`
const words = sections.join(' ').match(/[a-z]{5,}/g) ?? []

const directory = await mkdtemp(join(tmpdir(), 'throughline-bench-'))
const library = await openLibrary({ path: join(directory, 'library.db') })
try {
  const started = performance.now()
  let passages = 0
  let characters = 0
  const add = async (number: number): Promise<void> => {
    const text = makePage(number)
    characters += text.length
    const source = `pages/${String(number)}.md`
    passages += (await library.addDocument({ owner: OWNER, source, mediaType: 'text/markdown', text }))
      .passages
  }
  for (let number = 1; number <= Number(count); number += 1) await add(number)
  const seconds = (performance.now() - started) / 1_000
  console.log(
    `${String(cpus().length)} cores, load ${(loadavg()[0] ?? 0).toFixed(1)}, Node ${process.version}\n`,
  )
  console.log(
    `${count} pages, ${String(passages)} passages, ${(characters / 1e6).toFixed(0)} MB of text, indexed in ` +
      `${seconds.toFixed(0)} s (${((seconds * 1_000) / Number(count)).toFixed(1)} ms a page)\n`,
  )
  console.log('| search | queries | median ms | p95 ms | most ms | CPU ms each |\n|---|---|---|---|---|---|')
  const random3 = EVALUATION_QUESTIONS.map(() => `${pick(words)} ${pick(words)} ${pick(words)}`)
  const questions = EVALUATION_QUESTIONS.map(({ question }) => question)
  await measure(library, 'questions', questions)
  await measure(library, 'three words', random3)
  const right = await countRight(library, corpus)
  let adding = true
  const background = (async () => {
    for (let number = Number(count) + 1; adding; number += 1) await add(number)
  })()
  await measure(library, 'questions while pages are added', questions)
  adding = false
  await background
  console.log(
    `\nA passage of a right page among the first three: ${String(right)} of ${String(questions.length)} questions`,
  )
} finally {
  await library.dispose()
  await rm(directory, { recursive: true })
}
