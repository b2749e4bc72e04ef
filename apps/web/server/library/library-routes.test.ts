import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { docxOf, pdfOf, zipOf } from '@throughline/agents/testing'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { startLibraryHub, type LibraryHub } from './testing/library-hub.ts'

/** Of files that are really read. */
const PATIENCE = { timeout: 30_000, interval: 25 }

interface Document {
  id: string
  title: string
  name: string
  kind: string
  bytes: number
  pages?: number
  passages: number
  status: string
  progress: number
  error?: { code: string; message: string }
}
interface Listing {
  documents: Document[]
  bundled: { title: string; documents: number; passages: number }
  total: number
}

let hub: LibraryHub
beforeAll(async () => {
  hub = await startLibraryHub()
})
afterAll(() => hub.close())

async function upload(user: string, name: string, body: Uint8Array | string) {
  const response = await hub.call(
    user,
    'POST',
    `/api/library/documents?name=${encodeURIComponent(name)}`,
    Buffer.from(body),
  )
  const answer = (await response.json()) as { document: Document; duplicate?: boolean; title: string }
  return { status: response.status, ...answer }
}

async function list(user: string, query = ''): Promise<Listing> {
  return (await (await hub.call(user, 'GET', `/api/library${query}`)).json()) as Listing
}

/** The file once it is read, whichever way that went. */
async function settled(user: string, id: string): Promise<Document> {
  return vi.waitFor(async () => {
    const found = (await list(user)).documents.find((document) => document.id === id)
    expect(found?.status).not.toMatch(/queued|indexing/)
    if (found === undefined) throw new Error('not listed')
    return found
  }, PATIENCE)
}

async function passages(user: string, id: string) {
  const response = await hub.call(user, 'GET', `/api/library/documents/${id}/passages`)
  return (await response.json()) as {
    passages: { text: string; page?: number; start: number; end: number; heading: string }[]
    total: number
  }
}

test('every kind of file is taken in, read and split into passages that are exactly its text', async () => {
  const files = [
    ['markdown', 'tea.md', '# Tea\n\nSteep it for four minutes.'],
    ['text', 'plain.txt', 'Coffee is brewed from roasted beans.'],
    ['html', 'page.txt', '<!doctype html><title>Cocoa</title><h1>Cocoa</h1><p>Stir it into milk.</p>'],
    ['docx', 'letter.docx', docxOf(['# Mate', 'Fill the gourd with yerba.'])],
    ['pdf', 'paper.bin', pdfOf([['Juice is pressed.'], ['Squash is diluted.']])],
  ] as const
  for (const [kind, name, bytes] of files) {
    const { status, document } = await upload('kinds', name, bytes)
    expect([status, document.kind, document.name]).toEqual([202, kind, name])
    const ready = await settled('kinds', document.id)
    expect(ready).toMatchObject({ status: 'ready', progress: 100, bytes: bytes.length })
    expect(ready.passages).toBeGreaterThan(0)
    for (const passage of (await passages('kinds', document.id)).passages) {
      const query = `?start=${String(passage.start)}&end=${String(passage.end)}`
      const shown = await hub.call('kinds', 'GET', `/api/library/documents/${document.id}${query}`)
      expect(await shown.json()).toMatchObject({ text: passage.text })
    }
  }
  const { documents, total } = await list('kinds')
  expect(total).toBe(5)
  expect(documents.map((document) => document.title)).toEqual([
    'paper.bin',
    'Mate',
    'Cocoa',
    'plain.txt',
    'Tea',
  ])
  expect(documents[0]).toMatchObject({ pages: 2 })
  const pdf = await passages('kinds', documents[0]?.id ?? '')
  expect(pdf.passages.map(({ page, text }) => [page, text])).toEqual([
    [1, 'Juice is pressed.'],
    [2, 'Squash is diluted.'],
  ])
})

test('the same content is recognised under any name, for its owner alone', async () => {
  const first = await upload('twice', 'a.md', 'The same words.')
  await settled('twice', first.document.id)
  const again = await upload('twice', 'b.txt', 'The same words.')
  expect([again.status, again.duplicate, again.document.id]).toEqual([200, true, first.document.id])
  const other = await upload('someone', 'a.md', 'The same words.')
  expect([other.status, other.duplicate]).toEqual([202, undefined])
  expect(other.document.id).not.toBe(first.document.id)
})

test.each([
  ['a.pdf', pdfOf([['x']]).subarray(0, 60), 'corrupt'],
  ['a.pdf', pdfOf([['x']], { encrypted: true }), 'encrypted'],
  ['a.pdf', pdfOf([[]]), 'no_text'],
  ['a.docx', zipOf([{ name: 'xl/a.xml', content: 'x' }]), 'unsupported'],
  ['a.docx', docxOf(['x'], [{ name: 'word/a.xml', content: Buffer.alloc(80_000_000) }]), 'too_large'],
] as const)('%s is listed with its reason and stops nobody else (%#)', async (name, bytes, code) => {
  const bad = await upload('reasons', name, bytes)
  const good = await upload(
    'reasons',
    'good.md',
    `Good words ${createHash('md5').update(bytes).digest('hex')}`,
  )
  const failed = await settled('reasons', bad.document.id)
  expect(failed).toMatchObject({ status: 'failed', passages: 0, error: { code } })
  expect(failed.error?.message).toMatch(/^The file|^Files/)
  expect(await settled('reasons', good.document.id)).toMatchObject({ status: 'ready' })
  // Handed in again, perhaps mended elsewhere, it is tried again.
  expect((await upload('reasons', name, bytes)).status).toBe(202)
})

test('what is empty, too large or no document is refused at the door, and nothing of it stays on disk', async () => {
  expect((await upload('door', 'a.md', '')).status).toBe(400)
  expect((await upload('door', 'a.md', '\x89PNG\r\n\x1a\n\0\0')).status).toBe(415)
  expect((await upload('door', 'a.md', Buffer.alloc(33_554_433, 'a'))).status).toBe(413)
  const chunks = new ReadableStream({
    pull(controller) {
      controller.enqueue(Buffer.alloc(1_048_576, 'a'))
    },
  })
  const endless = await hub.call('door', 'POST', '/api/library/documents?name=a.txt', chunks)
  expect(endless.status).toBe(413)
  expect((await upload('door', '', 'words')).status).toBe(400)
  expect((await list('door')).total).toBe(0)
  expect(await readdir(join(hub.dataDir, 'originals', 'incoming'))).toEqual([])
})

test('a document that is removed takes its passages along and is nobody’s afterwards', async () => {
  const { document } = await upload('remover', 'gone.md', 'Rhubarb grows in shade.')
  await settled('remover', document.id)
  expect((await hub.call('remover', 'DELETE', `/api/library/documents/${document.id}`)).status).toBe(204)
  expect((await hub.call('remover', 'GET', `/api/library/documents/${document.id}/passages`)).status).toBe(
    404,
  )
  expect((await hub.call('remover', 'DELETE', `/api/library/documents/${document.id}`)).status).toBe(404)
  expect((await list('remover')).total).toBe(0)
})

test('A2 another user’s document is as if it did not exist, on every route', async () => {
  const { document } = await upload('owner', 'mine.md', 'Private words.')
  await settled('owner', document.id)
  const path = `/api/library/documents/${document.id}`
  for (const [method, at] of [
    ['GET', path],
    ['GET', `${path}?start=0&end=3`],
    ['GET', `${path}/passages`],
    ['POST', `${path}/cancel`],
    ['DELETE', path],
  ] as const) {
    expect((await hub.call('stranger', method, at)).status).toBe(404)
  }
  expect((await list('stranger')).documents).toEqual([])
  expect((await hub.call('stranger', 'GET', '/api/library?owner=everybody')).status).toBe(400)
  expect((await list('owner')).total).toBe(1)
})

test('what a backend adds for everybody is summed, not listed', async () => {
  const path = '/api/library/documents?owner=everybody&name=shared.md'
  const response = await hub.call('backend', 'POST', path, '# Shared\n\nWords for everybody.')
  const { document } = (await response.json()) as { document: Document }
  await vi.waitFor(async () => {
    expect((await list('anyone')).bundled).toMatchObject({ documents: 1, passages: 1 })
  }, PATIENCE)
  expect((await list('anyone')).documents).toEqual([])
  expect((await passages('anyone', document.id)).total).toBe(1)
})

test('the list is paged and searched', async () => {
  const ids: string[] = []
  for (const name of ['one.md', 'two.md', 'three 100%.md', 'four.md']) {
    ids.unshift((await upload('lister', name, `Words of ${name}`)).document.id)
  }
  const first = await list('lister', '?limit=3')
  expect([first.documents.map(({ id }) => id), first.total]).toEqual([ids.slice(0, 3), 4])
  const rest = await list('lister', `?limit=3&before=${ids[2] ?? ''}`)
  expect(rest.documents.map(({ id }) => id)).toEqual(ids.slice(3))
  const found = await list('lister', '?search=100%25')
  expect([found.documents.map(({ name }) => name), found.total]).toEqual([['three 100%.md'], 1])
  expect((await hub.call('lister', 'GET', '/api/library?limit=0')).status).toBe(400)
})

test('a file that waits can be cancelled, and what waited is read after a restart', async () => {
  const many = Array.from({ length: 40 }, (_, page) =>
    Array.from({ length: 40 }, () => `Line ${String(page)}.`),
  )
  const slow = await upload('patient', 'slow.pdf', pdfOf(many))
  const waiting = await upload('patient', 'waiting.pdf', pdfOf([['Waits.']]))
  const cancelled = await upload('patient', 'cancelled.pdf', pdfOf([['Never read.']]))
  const answer = await hub.call('patient', 'POST', `/api/library/documents/${cancelled.document.id}/cancel`)
  expect(answer.status).toBe(202)
  await hub.restart()
  expect(await settled('patient', slow.document.id)).toMatchObject({ status: 'ready', pages: 40 })
  expect(await settled('patient', waiting.document.id)).toMatchObject({ status: 'ready' })
  expect(await settled('patient', cancelled.document.id)).toMatchObject({ status: 'cancelled', passages: 0 })
})

test('documents go along when a guest becomes somebody, each once, and away with a user who goes', async () => {
  const mine = await upload('guest', 'mine.md', 'Quinces are for jelly.')
  const both = await upload('guest', 'both.md', 'Medlars are eaten late.')
  const theirs = await upload('member', 'theirs.md', 'Medlars are eaten late.')
  for (const [user, id] of [
    ['guest', mine.document.id],
    ['guest', both.document.id],
    ['member', theirs.document.id],
  ] as const) {
    await settled(user, id)
  }
  const { owned } = hub.documents
  await owned.give('guest', 'member')
  await owned.give('guest', 'member')
  expect((await list('member')).documents.map(({ id }) => id).sort()).toEqual(
    [mine.document.id, theirs.document.id].sort(),
  )
  expect((await list('guest')).total).toBe(0)
  expect((await passages('member', mine.document.id)).total).toBe(1)
  expect((await upload('member', 'again.md', 'Quinces are for jelly.')).duplicate).toBe(true)
  await owned.remove('member')
  expect((await list('member')).total).toBe(0)
  expect((await hub.call('member', 'GET', `/api/library/documents/${mine.document.id}`)).status).toBe(404)
})
