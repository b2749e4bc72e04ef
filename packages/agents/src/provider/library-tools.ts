import { jsonSchema, tool, type ToolSet } from 'ai'
import type { SearchResult } from '../library/document.ts'
import type { ToolCall } from '../team/agent-reporter.ts'
import type { TeamLibrary } from '../team/team-library.ts'
import type { LabelledPassage, Notebook } from './notebook.ts'

export interface LibraryToolsOptions {
  readonly library: Pick<TeamLibrary, 'listPassages'>
  /** Whose documents may be read. */
  readonly owners: readonly (string | null)[]
  /** Searches as the researcher does. */
  readonly search: (query: string) => Promise<SearchResult>
  readonly notebook: Notebook
}

/** The tools of one line of inquiry, and what was done with them. */
export interface LibraryTools {
  readonly tools: ToolSet
  /** The calls since the last time this was asked, in their order. */
  takeCalls(): readonly ToolCall[]
}

/** Most calls that are carried out for one line of inquiry. */
export const MAX_CALLS = 8
const MAX_QUERY = 300
/** Passages that one call gives, and characters of a passage that a search shows. */
const SEARCH_PASSAGES = 6
const READ_PASSAGES = 8
const EXCERPT = 700
/** Characters that one call gives, and all calls together. */
const MAX_GIVEN = 6_000
const MAX_GIVEN_TOGETHER = 24_000

const ENOUGH = 'No more can be looked up. Answer with the labels of the passages that help.'

/**
 * `search` and `read` over the library, for a model: what it sends is checked, what it gets is bounded and only ever
 * what `owners` may read.
 */
export function createLibraryTools({ library, owners, search, notebook }: LibraryToolsOptions): LibraryTools {
  let calls: ToolCall[] = []
  let made = 0
  let given = 0
  /** Carries a call out unless there were enough; its text is what the model gets. */
  const carryOut = async (call: Omit<ToolCall, 'summary'>, work: () => Promise<Outcome>): Promise<string> => {
    made += 1
    if (made > MAX_CALLS || given >= MAX_GIVEN_TOGETHER) return ENOUGH
    const { summary, text } = await work()
    calls.push({ ...call, summary })
    const shown = text.slice(0, Math.min(MAX_GIVEN, MAX_GIVEN_TOGETHER - given))
    given += shown.length
    return shown
  }
  return {
    tools: {
      search: tool({
        description: 'Finds passages of the library by words. Gives labelled excerpts, the best first.',
        inputSchema: checked(SEARCH_SCHEMA, readSearch),
        execute: ({ query }) =>
          carryOut({ tool: 'search', input: { query } }, async () => {
            const result = await search(query)
            const passages = notebook.addResult({
              ...result,
              passages: result.passages.slice(0, SEARCH_PASSAGES),
            })
            return {
              summary: `Searched for “${query}”: ${counted(passages)}`,
              text: excerpts(passages) || 'Nothing was found. Try other words.',
            }
          }),
      }),
      read: tool({
        description: 'Shows the passages of a document in their order, whole, from the given place on.',
        inputSchema: checked(READ_SCHEMA, readRead),
        execute: ({ document, from }) =>
          carryOut({ tool: 'read', input: { document, from } }, async () => {
            const documentId = notebook.documentOf(document)
            const page =
              documentId === undefined
                ? null
                : await library.listPassages({ documentId, owners, after: from, limit: READ_PASSAGES })
            if (page === null)
              return {
                summary: 'Asked for a document that was not found before',
                text: `There is no ${document}. Use a label that search gave.`,
              }
            const title = page.passages[0]?.title
            const text = whole(notebook.addPassages(page.passages))
            return {
              summary:
                title === undefined
                  ? 'Read beyond a document’s end'
                  : `Read ${counted(page.passages)} of ${title}`,
              text: text || `${document} ends before that: it has ${String(page.total)} passages, from 0.`,
            }
          }),
      }),
    },
    takeCalls() {
      const taken = calls
      calls = []
      return taken
    },
  }
}

interface Outcome {
  /** For the person who watches. */
  readonly summary: string
  /** For the model. */
  readonly text: string
}

/** Each passage as far as an excerpt goes. */
export function excerpts(passages: readonly LabelledPassage[]): string {
  return shown(passages, EXCERPT)
}

function whole(passages: readonly LabelledPassage[]): string {
  return shown(passages, MAX_GIVEN)
}

function shown(passages: readonly LabelledPassage[], limit: number): string {
  return passages
    .map(({ label, passage: { title, heading, text } }) => {
      const cut = text.length > limit ? `${text.slice(0, limit)} …` : text
      return `[${label}] ${heading === '' ? title : `${title} › ${heading}`}\n${cut}`
    })
    .join('\n\n')
}

function counted({ length }: readonly unknown[]): string {
  return `${String(length)} passage${length === 1 ? '' : 's'}`
}

type Schema = Parameters<typeof jsonSchema>[0]

const SEARCH_SCHEMA: Schema = {
  type: 'object',
  properties: { query: { type: 'string', description: 'Words to look for.' } },
  required: ['query'],
  additionalProperties: false,
}
const READ_SCHEMA: Schema = {
  type: 'object',
  properties: {
    document: { type: 'string', description: 'The label of a document, such as d2 of the passage d2:14.' },
    from: {
      type: 'integer',
      minimum: 0,
      description: 'The passage to begin with, such as 14 of d2:14. Default 0.',
    },
  },
  required: ['document'],
  additionalProperties: false,
}

/** A schema for the model, and the check of what it sends: nothing of it is trusted. */
function checked<T>(schema: Schema, read: (input: object) => T | string) {
  return jsonSchema<T>(schema, {
    validate: (input) => {
      const value = typeof input === 'object' && input !== null ? read(input) : 'The arguments are no object.'
      return typeof value === 'string'
        ? { success: false, error: new Error(value) }
        : { success: true, value }
    },
  })
}

function readSearch(input: object): { readonly query: string } | string {
  const query: unknown = Reflect.get(input, 'query')
  const words = typeof query === 'string' ? query.replace(/\s+/g, ' ').trim().slice(0, MAX_QUERY) : ''
  return words === '' ? 'query must be words to look for.' : { query: words }
}

/** Also takes the label of a passage, for that is what a search shows. */
function readRead(input: object): { readonly document: string; readonly from: number } | string {
  const label: unknown = Reflect.get(input, 'document')
  const place = typeof label === 'string' ? /^\s*\[?(d\d{1,3})(?::(\d{1,7}))?\]?\s*$/.exec(label) : null
  if (place?.[1] === undefined) return 'document must be a label that search gave, such as d2.'
  const from: unknown = Reflect.get(input, 'from') ?? Number(place[2] ?? 0)
  if (typeof from !== 'number' || !Number.isInteger(from) || from < 0 || from > 9_999_999)
    return 'from must be a whole number from 0.'
  return { document: place[1], from }
}
