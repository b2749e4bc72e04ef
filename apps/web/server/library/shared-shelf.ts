import type { Library } from '@throughline/agents'
import type { EventLog } from '@throughline/log'
import { StreamError } from '@throughline/protocol'
import type { Timers } from '@throughline/server'
import type { DatabaseOriginals } from '../database/originals.ts'
import type { DocumentShelf, ShelfChange } from './document-shelf.ts'
import { createLibraryView } from './library-view.ts'

export interface SharedShelfOptions {
  readonly files: Library['files']
  readonly originals: DatabaseOriginals
  readonly log: EventLog
  readonly onChange: (change: ShelfChange) => void
  readonly onError: (error: unknown, context: string) => void
  readonly timers?: Timers
}

/** Files of all nodes: the database is what is known of them, and this node's library a view of it. */
export function createSharedShelf(options: SharedShelfOptions): DocumentShelf {
  const { files, originals } = options
  const view = createLibraryView(options)
  const { tell, caughtUp } = view
  return {
    start: view.start,
    caughtUp,
    async add(file, path) {
      await originals.put(file, path)
      await tell([{ id: file.id }])
      await caughtUp()
      const added = await files.get(file.id, [file.owner])
      if (added !== null) return { file: added, added: true }
      throw new StreamError('conflict', 'The file was removed while it was added. Add it again.')
    },
    async cancel(id, owner) {
      const file = await files.get(id, [owner])
      if (file?.status !== 'queued' && file?.status !== 'indexing') return
      await originals.cancel({ owner, id })
      await tell([{ id }])
      await caughtUp()
    },
    async remove(id, owner) {
      await caughtUp()
      const known = await files.get(id, [owner])
      await originals.delete({ owner, id })
      // Told also when it is gone already: the node that removed it may have died before it could tell.
      await tell([{ id }])
      await caughtUp()
      return known !== null
    },
    async give(from, to) {
      await originals.give(from, to)
      // The new owner first: what is there already is moved then, instead of removed and read again.
      await tell([{ owner: to }, { owner: from }])
    },
    async clear(owner) {
      await originals.clear(owner)
      await tell([{ owner }])
    },
    close: view.close,
  }
}
