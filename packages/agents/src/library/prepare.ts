import { createHash } from 'node:crypto'
import type { DocumentInput, Owner } from './document.ts'
import { parseFrontMatter } from './front-matter.ts'
import { normaliseText } from './normalise.ts'
import { passagesOf, type PassageSpan } from './passages.ts'
import { proseAndCode } from './prose-and-code.ts'
import { indexedWords } from './words.ts'

/** A document ready to be written: stored text, passages, and what the two indexes are given. */
export interface PreparedDocument {
  readonly id: string
  readonly owner: Owner
  readonly mediaType: DocumentInput['mediaType']
  readonly source: string
  readonly title: string
  readonly text: string
  readonly passages: readonly PreparedPassage[]
  readonly index: Indexed & { readonly title: string; readonly about: string; readonly headings: string }
}

export interface PreparedPassage {
  readonly start: number
  readonly end: number
  readonly heading: string
  readonly text: string
  /** From 1; absent where there are no pages. */
  readonly page?: number
  readonly index: Indexed & { readonly heading: string }
}

interface Indexed {
  readonly prose: string
  readonly code: string
}

const MAX_TITLE = 300
const ID_CHARACTERS = 24

/** Normalises, names and splits a document. Pure: the same input gives the same result and the same id. */
export function prepareDocument(input: DocumentInput): PreparedDocument {
  const text = normaliseText(input.text)
  const { fields, bodyStart } = parseFrontMatter(text)
  const source = normaliseText(input.source)
  const spans = pagesOf(text, input.pageStarts ?? [bodyStart])
  const named = plainTitle(input.title ?? fields.get('title') ?? spans[0]?.headings[0])
  const title = named || plainTitle(source.split('/').at(-1)) || 'Untitled'
  const passages = spans.map(({ page, ...span }) => ({
    ...preparePassage(text, span, title),
    ...(input.pageStarts !== undefined && { page }),
  }))
  const headings = new Set(spans.flatMap((span) => span.headings))
  const about = [fields.get('description'), fields.get('nav_title'), source].join(' ')
  return {
    id: input.id ?? documentId(input.owner, text),
    owner: input.owner,
    mediaType: input.mediaType,
    source,
    title,
    text,
    passages,
    index: {
      ...indexedParts(text.slice(bodyStart)),
      title: indexed(title),
      about: indexed(about),
      headings: indexed([...headings].join(' ')),
    },
  }
}

function pagesOf(
  text: string,
  starts: readonly number[],
): readonly (PassageSpan & { readonly page: number })[] {
  return starts.flatMap((start, index) =>
    passagesOf(text.slice(0, starts[index + 1] ?? text.length), start).map((span) => ({
      ...span,
      page: index + 1,
    })),
  )
}

/** A document's id: the same for the same owner and text, and not to be guessed from another owner's. */
function documentId(owner: Owner, storedText: string): string {
  const key = owner === null ? 'null' : JSON.stringify(owner)
  return createHash('sha256').update(`${key}\n${storedText}`).digest('hex').slice(0, ID_CHARACTERS)
}

const SEPARATOR = ' › '

function preparePassage(text: string, { start, end, headings }: PassageSpan, title: string): PreparedPassage {
  const own = text.slice(start, end)
  const below = headings[0] === title ? headings.slice(1) : headings
  const heading = below.filter((part) => part !== '').join(SEPARATOR)
  return { start, end, heading, text: own, index: { ...indexedParts(own), heading: indexed(heading) } }
}

function indexedParts(text: string): Indexed {
  const { prose, code } = proseAndCode(text)
  return { prose: indexed(prose), code: indexed(code) }
}

function indexed(text: string): string {
  return indexedWords(text).join(' ')
}

function plainTitle(title: string | undefined): string {
  return normaliseText((title ?? '').replace(/\s+/g, ' ').trim().slice(0, MAX_TITLE))
}
