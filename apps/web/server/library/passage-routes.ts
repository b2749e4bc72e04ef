import type { Library } from '@throughline/agents'
import { StreamError } from '@throughline/protocol'
import { json, type Route } from '@throughline/server'

/** Characters shown on either side of a passage. */
const CONTEXT = 700
const MAX_PASSAGE = 20_000

const DEFAULT_LIMIT = 50
const MAX_LIMIT = 200

/** The passage that a citation quotes with what stands around it, and all passages that a document contributes. */
export function passageRoutes(library: Library): readonly Route[] {
  return [
    {
      method: 'GET',
      pattern: '/api/library/documents/:documentId',
      access: 'user',
      handle: async ({ params, query, identity }) => {
        const documentId = params['documentId'] ?? ''
        const owners = [null, identity.userId]
        const document = await library.getDocument(documentId, owners)
        if (document === null) throw unknown()
        const { title, source, text } = document
        const [start, end] = place(query, text.length)
        const passage = await library.getPassage({ documentId, start, end, owners })
        return json(200, {
          documentId: document.id,
          title,
          source,
          start,
          end,
          ...(passage?.page !== undefined && { page: passage.page }),
          text: text.slice(start, end),
          before: text.slice(lineStart(text, Math.max(0, start - CONTEXT)), start),
          after: text.slice(end, Math.min(text.length, end + CONTEXT)),
        })
      },
    },
    {
      method: 'GET',
      pattern: '/api/library/documents/:documentId/passages',
      access: 'user',
      handle: async ({ params, query, identity }) => {
        const after = whole(query, 'after', { fallback: 0, max: Number.MAX_SAFE_INTEGER })
        const limit = Math.max(1, whole(query, 'limit', { fallback: DEFAULT_LIMIT, max: MAX_LIMIT }))
        const page = await library.listPassages({
          documentId: params['documentId'] ?? '',
          owners: [null, identity.userId],
          after,
          limit,
        })
        if (page === null) throw unknown()
        const passages = page.passages.map(({ documentId: _, title: __, source: ___, ...passage }) => passage)
        return json(200, { passages, total: page.total })
      },
    },
  ]
}

function whole(
  query: URLSearchParams,
  name: string,
  { fallback, max }: { fallback: number; max: number },
): number {
  const value = Number(query.get(name) ?? fallback)
  if (Number.isSafeInteger(value) && value >= 0 && value <= max) return value
  throw new StreamError('invalid_request', `${name} must be a whole number from 0 to ${String(max)}.`)
}

function place(query: URLSearchParams, length: number): readonly [number, number] {
  const start = Number(query.get('start') ?? 0)
  const end = Number(query.get('end') ?? Math.min(length, start + MAX_PASSAGE))
  const inside = Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && start <= end
  if (!inside || end - start > MAX_PASSAGE) {
    throw new StreamError(
      'invalid_request',
      `Ask for at most ${String(MAX_PASSAGE)} characters, with start before end.`,
    )
  }
  if (end > length) throw unknown()
  return [start, end]
}

/** The start of the line that `at` is in, so that no word is cut at the front. */
function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at) + 1
}

function unknown(): StreamError {
  return new StreamError('not_found', 'There is no such passage in your library.')
}
