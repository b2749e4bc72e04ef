import { rmSync } from 'node:fs'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { docxOf, pdfOf } from '@throughline/agents/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addFiles, type AddProgress } from './add-files.ts'
import { startLibraryHub, type LibraryHub } from './testing/library-hub.ts'

let hub: LibraryHub
let folder: string
beforeAll(async () => {
  hub = await startLibraryHub({ RATE_LIMIT_PER_MINUTE: '0' })
  folder = await mkdtemp(join(tmpdir(), 'throughline-add-'))
})
afterAll(async () => {
  await hub.close()
  await rm(folder, { recursive: true })
})

async function fill(name: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const path = join(folder, name)
  for (const [file, content] of Object.entries(files)) {
    await mkdir(join(path, file, '..'), { recursive: true })
    await writeFile(join(path, file), content)
  }
  return path
}

async function add(
  path: string,
  user: string,
  onProgress: (progress: AddProgress) => void = () => undefined,
) {
  const token = await hub.token(user)
  return addFiles({ paths: [path], url: hub.url, token, everybody: user === 'backend', onProgress })
}

async function names(user: string): Promise<readonly string[]> {
  const answer = await hub.call(user, 'GET', '/api/library')
  const { documents } = (await answer.json()) as { documents: { name: string; status: string }[] }
  return documents.filter(({ status }) => status === 'ready').map(({ name }) => name)
}

test('a folder is added whole; what cannot be read gets its reason and stops nobody else', async () => {
  const path = await fill('mixed', {
    'tea.md': '# Tea\n\nSteep it for four minutes.',
    'deep/er/coffee.txt': 'Coffee is ground.',
    'page.html': '<!doctype html><h1>Juice</h1><p>Juice is pressed.',
    'paper.pdf': pdfOf([['Milk is warmed.']]),
    'letter.docx': docxOf(['Squash is diluted.']),
    'again.md': '# Tea\n\nSteep it for four minutes.',
    'broken.pdf': pdfOf([['x']]).subarray(0, 60),
    'locked.pdf': pdfOf([['x']], { encrypted: true }),
    'empty.md': '',
    'picture.png': '\x89PNG\r\n\x1a\n\0\0',
    'huge.txt': Buffer.alloc(33_554_433, 'a'),
    '.hidden/secret.md': 'Not for the library.',
    'node_modules/x/README.md': '# Not for the library',
  })
  await writeFile(join(folder, 'outside.md'), 'Outside of the folder.')
  await symlink(join(folder, 'outside.md'), join(path, 'link.md'))
  const told: AddProgress[] = []
  const { added, duplicates, skipped, failed } = await add(path, 'ada', (progress) => told.push(progress))
  expect([added, duplicates]).toEqual([5, 1])
  expect(skipped).toBe(1)
  const reasons = Object.fromEntries(failed.map(({ name, reason }) => [name, reason]))
  expect(Object.keys(reasons).toSorted()).toEqual(['broken.pdf', 'empty.md', 'huge.txt', 'locked.pdf'])
  expect(reasons['broken.pdf']).toContain('damaged')
  expect(reasons['locked.pdf']).toContain('password')
  expect(reasons['empty.md']).toContain('empty')
  expect(reasons['huge.txt']).toContain('too large')
  expect((await names('ada')).toSorted()).toEqual(
    expect.arrayContaining(['deep/er/coffee.txt', 'letter.docx', 'page.html', 'paper.pdf']),
  )
  expect(told.map(({ total }) => total)).toEqual(told.map(() => 11))
  expect(told.at(-1)).toMatchObject({ sent: 11, waiting: 0 })
})

test('the same folder once more adds nothing twice', async () => {
  const path = await fill('twice', { 'one.md': 'One.', 'two.md': 'Two.' })
  expect(await add(path, 'bob')).toMatchObject({ added: 2, duplicates: 0 })
  expect(await add(path, 'bob')).toMatchObject({ added: 0, duplicates: 2 })
})

test('a file that goes away meanwhile is told, and the others are added', async () => {
  const files = Array.from({ length: 9 }, (_, n) => [`${String(n)}.md`, `Page number ${String(n)}.`])
  const path = await fill('leaving', Object.fromEntries(files) as Record<string, string>)
  const result = await add(path, 'cleo', () => {
    rmSync(join(path, '8.md'), { force: true })
  })
  expect(result.failed.map(({ name }) => name)).toEqual(['8.md'])
  expect(result.failed[0]?.reason).toContain('ENOENT')
  expect(result.added).toBe(8)
})

test('what a backend adds for everybody is found by everybody', async () => {
  const path = await fill('shared', { 'shared.md': '# Mangosteen\n\nThe mangosteen is peeled by hand.' })
  expect(await add(path, 'backend')).toMatchObject({ added: 1, failed: [] })
  const { passages } = await hub.documents.library.search({ query: 'mangosteen', owners: [null] })
  expect(passages[0]?.text).toContain('peeled by hand')
})

test('a path that is not there is said so before anything is sent', async () => {
  await expect(add(join(folder, 'nowhere'), 'dora')).rejects.toMatchObject({ code: 'not_found' })
})
