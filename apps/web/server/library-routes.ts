import type { Library } from '@throughline/agents'
import { StreamError } from '@throughline/protocol'
import { json, type Route } from '@throughline/server'

/** Characters shown on either side of a passage. */
const CONTEXT = 700
const MAX_PASSAGE = 20_000

/** `GET /api/library/documents/D?start&end`: the passage that a citation quotes, and what stands around it. */
export function libraryRoutes(library: () => Library): readonly Route[] {
  return [
    {
      method: 'GET',
      pattern: '/api/library/documents/:documentId',
      access: 'user',
      handle: async ({ params, query, identity }) => {
        const document = await library().getDocument(params['documentId'] ?? '', [null, identity.userId])
        if (document === null) throw unknown()
        const { title, source, text } = document
        const [start, end] = place(query, text.length)
        return json(200, {
          documentId: document.id,
          title,
          source,
          start,
          end,
          text: text.slice(start, end),
          before: text.slice(lineStart(text, Math.max(0, start - CONTEXT)), start),
          after: text.slice(end, Math.min(text.length, end + CONTEXT)),
        })
      },
    },
  ]
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
