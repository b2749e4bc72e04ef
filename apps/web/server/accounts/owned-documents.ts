import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Originals } from '@throughline/agents'
import type { DocumentLibrary } from '../library/document-library.ts'
import type { Possession } from './possession.ts'

export interface OwnedDocumentsOptions {
  readonly documents: Pick<DocumentLibrary, 'library' | 'remove'>
  readonly originals: Originals
  /** A folder for files on their way. */
  readonly folder: string
}

const PAGE = 100

/** What people added to the library: files as they were, and what was read out of them. */
export function ownedDocuments({ documents, originals, folder }: OwnedDocumentsOptions): Possession {
  const { files } = documents.library
  return {
    name: 'documents',
    async give(from, to) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      // The copies are there before anything names them as the heir's.
      for (const id of await originals.list(from)) {
        const bytes = await originals.get({ owner: from, id })
        if (bytes === null) continue
        const path = join(folder, `moving-${crypto.randomUUID()}`)
        await writeFile(path, bytes, { mode: 0o600 })
        await originals.put({ owner: to, id }, path)
      }
      await files.give(from, to)
      for (const id of await originals.list(from)) await originals.delete({ owner: from, id })
    },
    async remove(userId) {
      while (true) {
        const { files: page } = await files.list({ owner: userId, limit: PAGE })
        if (page.length === 0) break
        for (const { id } of page) await documents.remove(id, userId)
      }
      for (const id of await originals.list(userId)) await originals.delete({ owner: userId, id })
    },
  }
}
