import type { Library, Originals } from '@throughline/agents'
import type { DocumentShelf, ShelfChange } from './document-shelf.ts'

export interface LocalShelfOptions {
  readonly files: Library['files']
  readonly originals: Originals
  readonly onChange: (change: ShelfChange) => void
}

/** Files of this node alone: its library is what is known of them. */
export function createLocalShelf({ files, originals, onChange }: LocalShelfOptions): DocumentShelf {
  const done = (): Promise<void> => Promise.resolve()
  const stop = (...stopped: readonly string[]): void => {
    onChange({ stopped, queued: false })
  }
  return {
    start: done,
    caughtUp: done,
    async add(file, path) {
      await originals.put(file, path)
      const added = await files.add(file)
      onChange({ stopped: [], queued: true })
      return added
    },
    async cancel(id, owner) {
      await files.cancel(id, owner)
      stop(id)
    },
    async remove(id, owner) {
      // Whoever names a foreign file does not stop its reading.
      if (!(await files.remove(id, owner))) return false
      stop(id)
      await originals.delete({ owner, id })
      return true
    },
    async give(from, to) {
      // The bytes first: a file whose original is elsewhere could no longer be read.
      await originals.give(from, to)
      for (const id of await files.give(from, to)) {
        stop(id)
        await originals.delete({ owner: to, id })
      }
    },
    async clear(owner) {
      await files.removeAll(owner)
      await originals.clear(owner)
    },
    close: done,
  }
}
