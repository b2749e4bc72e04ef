import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openLibrary, type Library } from './open-library.ts'

let directory: string
let library: Library
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'throughline-open-'))
  library = await openLibrary({ path: join(directory, 'library.db'), maxPending: 8 })
})
afterEach(async () => {
  await library.dispose()
  await rm(directory, { recursive: true, force: true })
})

const NOTE = {
  owner: 'ann',
  source: 'tea.md',
  mediaType: 'text/markdown',
  text: '# Tea\n\nSteep it.',
} as const

describe('openLibrary', () => {
  it('adds, finds, reads, lists and removes on its own thread', async () => {
    const { id } = await library.addDocument(NOTE)
    const { passages } = await library.search({ query: 'steeping', owners: [null, 'ann'] })
    expect(passages).toMatchObject([
      { documentId: id, title: 'Tea', heading: '', start: 7, end: 16, text: 'Steep it.' },
    ])
    const place = { documentId: id, start: 7, end: 16, owners: ['ann'] }
    expect((await library.getPassage(place))?.text).toBe('Steep it.')
    expect((await library.getDocument(id, ['ann']))?.text).toBe(NOTE.text)
    expect(await library.getDocument(id, [null])).toBeNull()
    expect(await library.listDocuments('ann')).toHaveLength(1)
    expect(await library.removeDocument(id, 'ann')).toBe(true)
  })

  it('tells why it refuses, in words for a person', async () => {
    await expect(library.addDocument({ ...NOTE, text: '' })).rejects.toMatchObject({
      name: 'StreamError',
      code: 'invalid_request',
      message: 'The document has no text to search.',
    })
  })

  it('refuses more requests than may wait, and serves again afterwards', async () => {
    const asked = Array.from({ length: 20 }, () => library.search({ query: 'tea', owners: ['ann'] }))
    const outcomes = await Promise.allSettled(asked)
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected')
    expect(refused).toHaveLength(12)
    expect(refused[0]).toMatchObject({ reason: { code: 'rate_limited', retryable: true } })
    expect((await library.search({ query: 'tea', owners: ['ann'] })).passages).toEqual([])
  })

  it('rejects an aborted search with the reason given', async () => {
    const reason = new Error('gone')
    await expect(library.search({ query: 'tea', owners: [] }, AbortSignal.abort(reason))).rejects.toBe(reason)
    const controller = new AbortController()
    const asked = library.search({ query: 'tea', owners: [] }, controller.signal)
    controller.abort(reason)
    await expect(asked).rejects.toBe(reason)
  })

  it('finishes what waits when disposed, and refuses from then on', async () => {
    const added = library.addDocument(NOTE)
    await Promise.all([library.dispose(), library.dispose()])
    expect((await added).added).toBe(true)
    await expect(library.listDocuments('ann')).rejects.toMatchObject({ code: 'stream_closed' })
  })

  it('rejects when the file cannot be a library', async () => {
    await expect(openLibrary({ path: directory })).rejects.toMatchObject({ name: 'StreamError' })
  })
})
