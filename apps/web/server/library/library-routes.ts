import type { LibraryFile } from '@throughline/agents'
import { StreamError } from '@throughline/protocol'
import { empty, hasScope, json, type Identity, type Route, type UserCall } from '@throughline/server'
import type { DocumentLibrary } from './document-library.ts'
import { passageRoutes } from './passage-routes.ts'

/** How the documents that everybody may read are called. */
const BUNDLED_TITLE = 'Next.js documentation'
const MAX_NAME = 255
const MAX_SEARCH = 200
const DEFAULT_LIMIT = 50
const MAX_LIMIT = 200

/** PROTOCOL.md §5, `/api/library`: everybody sees and changes their own documents, and reads the bundled ones. */
export function libraryRoutes(documents: DocumentLibrary): readonly Route[] {
  const { files } = documents.library
  return [
    {
      method: 'GET',
      pattern: '/api/library',
      access: 'user',
      handle: async ({ query, identity }) => {
        const owner = ownerOf(query, identity)
        const before = query.get('before')
        const search = (query.get('search') ?? '').trim().slice(0, MAX_SEARCH)
        const limit = readLimit(query)
        await documents.caughtUp()
        const [page, shared] = await Promise.all([
          files.list({ owner, search, limit, ...(before !== null && { before }) }),
          files.shared(),
        ])
        return json(200, {
          documents: page.files.map(shown),
          bundled: { title: BUNDLED_TITLE, ...shared },
          total: page.total,
        })
      },
    },
    {
      method: 'POST',
      pattern: '/api/library/documents',
      access: 'user',
      boundsItself: true,
      handle: async ({ request, query, identity }) => {
        const { file, added } = await documents.add({
          owner: ownerOf(query, identity),
          name: readName(query),
          body: request.body,
          announcedBytes: Number(request.header('content-length') ?? 0),
        })
        return added
          ? json(202, { document: shown(file) })
          : json(200, { document: shown(file), duplicate: true })
      },
    },
    {
      method: 'GET',
      pattern: '/api/library/documents/:documentId/status',
      access: 'user',
      handle: async ({ params, query, identity }) => {
        const owner = ownerOf(query, identity)
        await documents.caughtUp()
        const file = await files.get(params['documentId'] ?? '', [owner])
        if (file === null) throw unknown()
        return json(200, { document: shown(file) })
      },
    },
    {
      method: 'POST',
      pattern: '/api/library/documents/:documentId/cancel',
      access: 'user',
      handle: async ({ params, query, identity }) => {
        const id = params['documentId'] ?? ''
        const owner = ownerOf(query, identity)
        if (!(await documents.cancel(id, owner))) throw unknown()
        const file = await files.get(id, [owner])
        if (file === null) throw unknown()
        return json(202, { document: shown(file) })
      },
    },
    {
      method: 'DELETE',
      pattern: '/api/library/documents/:documentId',
      access: 'user',
      handle: async ({ params, query, identity }: UserCall) => {
        const removed = await documents.remove(params['documentId'] ?? '', ownerOf(query, identity))
        if (!removed) throw unknown()
        return empty(204)
      },
    },
    ...passageRoutes(documents.library),
  ]
}

/** Documents belong to the caller; a backend may look after everybody's. */
function ownerOf(query: URLSearchParams, identity: Identity): string | null {
  const owner = query.get('owner')
  if (owner === null) return identity.userId
  if (owner === 'everybody' && hasScope(identity, 'publish')) return null
  throw new StreamError('invalid_request', 'owner may only be left out, or “everybody” with scope publish.')
}

function readName(query: URLSearchParams): string {
  const name = (query.get('name') ?? '').replace(/[\p{Cc}\p{Surrogate}]/gu, ' ').trim()
  if (name !== '' && name.length <= MAX_NAME) return name
  throw new StreamError('invalid_request', `name must be 1 to ${String(MAX_NAME)} characters: ?name=notes.md`)
}

function readLimit(query: URLSearchParams): number {
  const limit = Number(query.get('limit') ?? DEFAULT_LIMIT)
  if (Number.isSafeInteger(limit) && limit >= 1 && limit <= MAX_LIMIT) return limit
  throw new StreamError('invalid_request', `limit must be a whole number from 1 to ${String(MAX_LIMIT)}.`)
}

function shown({ owner: _, ...file }: LibraryFile): Omit<LibraryFile, 'owner'> {
  return file
}

function unknown(): StreamError {
  return new StreamError('not_found', 'There is no such document in your library.')
}
