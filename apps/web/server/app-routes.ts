import type { Route } from '@throughline/server'
import type { DocumentLibrary } from './library/document-library.ts'
import { libraryRoutes } from './library/library-routes.ts'
import type { People } from './people.ts'

export interface AppRoutesOptions {
  readonly documents: DocumentLibrary
  readonly people: Pick<People, 'routes'>
}

/** Every route that the app adds to those of the hub. PROTOCOL.md §5. */
export function appRoutes({ documents, people }: AppRoutesOptions): readonly Route[] {
  return [...libraryRoutes(documents), ...people.routes]
}
