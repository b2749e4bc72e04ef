import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createFolderOriginals, openLibrary } from '@throughline/agents'
import { silentLogger } from '@throughline/server'
import { expect, test } from 'vitest'
import { createDocumentLibrary } from '../library/document-library.ts'
import { ownedDocuments } from './owned-documents.ts'

test('documents move with their owner and are searched, opened and removed by the heir', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'throughline-owned-'))
  const library = await openLibrary({ path: join(folder, 'library.db') })
  const originals = createFolderOriginals(join(folder, 'originals'))
  const documents = createDocumentLibrary({ library, dataDir: folder, originals, logger: silentLogger })
  const owned = ownedDocuments({ documents, originals, folder: join(folder, 'moving') })
  const add = async (owner: string, text: string): Promise<string> => {
    const body = (async function* () {
      yield new TextEncoder().encode(text)
    })()
    return (await documents.add({ owner, name: 'note.md', body, announcedBytes: text.length })).file.id
  }
  const found = async (owner: string): Promise<number> =>
    (await library.search({ query: 'zeppelin moorings', owners: [owner] })).passages.length
  try {
    const id = await add('guest', '# Zeppelins\n\nThe zeppelin moorings are kept on the northern field.')
    await add('eve', '# Boats\n\nBoats have no zeppelin moorings.')
    await expect.poll(() => found('guest'), { timeout: 15_000 }).toBeGreaterThan(0)
    await expect.poll(() => found('eve'), { timeout: 15_000 }).toBeGreaterThan(0)

    await owned.give('guest', 'ada')
    await owned.give('guest', 'ada')
    expect(await found('guest')).toBe(0)
    expect(await found('ada')).toBeGreaterThan(0)
    expect((await library.files.get(id, ['ada']))?.status).toBe('ready')
    expect(await originals.list('ada')).toEqual([id])
    expect(await originals.list('guest')).toEqual([])
    expect(await readdir(join(folder, 'moving'))).toEqual([])

    await owned.remove('ada')
    expect(await found('ada')).toBe(0)
    expect(await originals.list('ada')).toEqual([])
    expect(await found('eve')).toBeGreaterThan(0)
  } finally {
    await documents.close()
    await library.dispose()
    await rm(folder, { recursive: true, force: true })
  }
})
