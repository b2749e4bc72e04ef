import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openLibrary, type Library } from '../library/open-library.ts'

/** A real library in a folder of its own, gone when it is closed. */
export interface TemporaryLibrary {
  readonly library: Library
  close(): Promise<void>
}

/** Opens an empty library that `pages`, Markdown by file name, are added to as everyone's. */
export async function openTemporaryLibrary(
  pages: Readonly<Record<string, string>> = {},
): Promise<TemporaryLibrary> {
  const directory = await mkdtemp(join(tmpdir(), 'throughline-library-'))
  const library = await openLibrary({ path: join(directory, 'library.db') })
  for (const [source, text] of Object.entries(pages)) {
    await library.addDocument({ owner: null, source, mediaType: 'text/markdown', text })
  }
  return {
    library,
    async close() {
      await library.dispose()
      await rm(directory, { recursive: true })
    },
  }
}
