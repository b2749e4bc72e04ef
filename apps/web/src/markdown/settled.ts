import type { Token } from 'marked'
import { blocksOf, countFinal } from './boundary.ts'
import { definitionsIn, lexBlocks, noDefinitions, plain, type Definitions } from './lex.ts'
import { shareBlocks } from './share.ts'

/** Blocks that are rendered, laid out and skipped together. */
export const CHUNK = 32

/** Blocks of a growing Markdown text: those that can no longer change keep their identity. */
export interface SettledMarkdown {
  /** The text that the settled blocks cover. */
  readonly prefix: string
  /** Settled blocks, `CHUNK` by `CHUNK`. */
  readonly full: readonly (readonly Token[])[]
  /** Those after them that are too few for a chunk yet. */
  readonly rest: readonly Token[]
  /** What the settled blocks define. */
  readonly definitions: Definitions
  /** Blocks that later text may still change. */
  readonly open: readonly Token[]
  /** Labels that they define so far. */
  readonly openLabels: ReadonlySet<string>
}

const NO_LABELS: ReadonlySet<string> = new Set()

export const emptyMarkdown: SettledMarkdown = {
  prefix: '',
  full: [],
  rest: [],
  definitions: noDefinitions,
  open: [],
  openLabels: NO_LABELS,
}

/**
 * Lexes what was added since `before`, from the first block that was not settled. In the end the blocks are those of the
 * whole text lexed at once, however it was cut.
 */
export function growMarkdown(before: SettledMarkdown, text: string, ended: boolean): SettledMarkdown {
  const source = text.includes('\r') ? text.replaceAll(/\r\n?/g, '\n') : text
  const base = source.startsWith(before.prefix) ? before : emptyMarkdown
  const lexed = lexBlocks(detached(source, base.prefix.length), base.definitions)
  if (lexed === undefined) return { ...emptyMarkdown, open: [plain(source)] }
  const blocks = blocksOf(lexed.tokens)
  const count = ended ? blocks.length : countFinal(blocks)
  const length = blocks.slice(0, count).reduce((sum, block) => sum + block.text.length, 0)
  const labels = newLabels(lexed.definitions, base.definitions)
  // With a label defined among them, what refers to it may be another thing than before.
  const isAlike = labels.size === 0 && base.openLabels.size === 0
  const tokens = shareBlocks(
    isAlike ? base.open : [],
    blocks.map(({ token }) => token),
  )
  const settled = settle(base, tokens.slice(0, count), labels)
  return {
    ...settled,
    prefix: source.slice(0, base.prefix.length + length),
    open: tokens.slice(count),
    openLabels: newLabels(lexed.definitions, settled.definitions),
  }
}

/** Blocks of a text `CHUNK` by `CHUNK`, and how many of each are settled. A chunk of settled ones keeps its identity. */
export function chunksOf({ full, rest, open }: SettledMarkdown): readonly Chunk[] {
  const ends = inChunks([...rest, ...open]).map((tokens, at) => ({
    tokens,
    settled: rest.length - at * CHUNK,
  }))
  return [...full.map((tokens) => ({ tokens, settled: CHUNK })), ...ends]
}

function inChunks(tokens: readonly Token[]): (readonly Token[])[] {
  return Array.from({ length: Math.ceil(tokens.length / CHUNK) }, (_, at) =>
    tokens.slice(at * CHUNK, (at + 1) * CHUNK),
  )
}

export interface Chunk {
  readonly tokens: readonly Token[]
  /** Those of them that can no longer change are the first so many. */
  readonly settled: number
}

type Settled = Pick<SettledMarkdown, 'full' | 'rest' | 'definitions'>

/**
 * Settles blocks, whose text and the text behind them define `labels`. Those settled before are read anew where they
 * refer to what these define; these, where they refer to what may still change.
 */
function settle(base: SettledMarkdown, added: readonly Token[], labels: ReadonlySet<string>): Settled {
  if (added.length === 0) return base
  const definitions = labels.size === 0 ? base.definitions : { ...definitionsIn(added), ...base.definitions }
  const fresh = newLabels(definitions, base.definitions)
  const isRead = fresh.size === labels.size
  const known = (tokens: readonly Token[]) => redefined(tokens, fresh, definitions)
  const chunks = inChunks([...known(base.rest), ...(isRead ? added : redefined(added, labels, definitions))])
  const rest = chunks.at(-1)?.length === CHUNK ? [] : (chunks.pop() ?? [])
  return { full: [...base.full.map(known), ...chunks], rest, definitions }
}

function newLabels(definitions: Definitions, known: Definitions): ReadonlySet<string> {
  if (definitions === known) return NO_LABELS
  return new Set(Object.keys(definitions).filter((label) => !(label in known)))
}

/** Settled blocks, those lexed anew that refer to a label that was defined after them. The same list when none does. */
function redefined(
  tokens: readonly Token[],
  fresh: ReadonlySet<string>,
  definitions: Definitions,
): readonly Token[] {
  if (fresh.size === 0) return tokens
  const after = tokens.map((token) => {
    if (!refersTo(token.raw, fresh)) return token
    const [only, ...others] = lexBlocks(token.raw, definitions)?.tokens ?? []
    return only?.type === token.type && others.every(({ type }) => type === 'space') ? only : token
  })
  return after.some((token, at) => token !== tokens[at]) ? after : tokens
}

const LABEL = /\[([^[\]]+)\]/g

function refersTo(raw: string, labels: ReadonlySet<string>): boolean {
  return [...raw.matchAll(LABEL)].some(([, label = '']) =>
    labels.has(label.toLowerCase().replaceAll(/\s+/g, ' ')),
  )
}

/** The text from `from` on as a string of its own: what the lexer cuts from it must not keep all of the text alive. */
function detached(text: string, from: number): string {
  return ` ${text.slice(from)}`.slice(1)
}
