import type { Token } from 'marked'
import { lexMarkdown } from './lex.ts'

/** Blocks of a growing Markdown text: those that can no longer change keep their identity. */
export interface SettledMarkdown {
  /** The text that `settled` covers. */
  readonly prefix: string
  readonly settled: readonly Token[]
  /** Blocks that later text may still change. */
  readonly open: readonly Token[]
}

export const emptyMarkdown: SettledMarkdown = { prefix: '', settled: [], open: [] }

/**
 * Lexes what was added since `before`. A block is settled once another one follows it, for a list, a quote or a
 * fence that still grows is always the last; so each character is lexed a bounded number of times.
 */
export function growMarkdown(before: SettledMarkdown, text: string, ended: boolean): SettledMarkdown {
  const base = text.startsWith(before.prefix) ? before : emptyMarkdown
  const tokens = lexMarkdown(text.slice(base.prefix.length))
  const last = ended ? tokens.length : lastBlock(tokens)
  const settled = tokens.slice(0, last)
  const length = settled.reduce((sum, token) => sum + token.raw.length, 0)
  // The lexer rewrites tabs and line ends in `raw`: then lengths do not add up and the text is lexed whole next time.
  if (!text.startsWith(settled.map((token) => token.raw).join(''), base.prefix.length)) {
    return { prefix: base.prefix, settled: base.settled, open: tokens }
  }
  return {
    prefix: text.slice(0, base.prefix.length + length),
    settled: settled.length === 0 ? base.settled : [...base.settled, ...settled],
    open: tokens.slice(last),
  }
}

/** Where what may still change begins: the last block, and a list before it, which that block may yet prove to go on. */
function lastBlock(tokens: readonly Token[]): number {
  const last = blockAtOrBefore(tokens, tokens.length - 1)
  const before = blockAtOrBefore(tokens, last - 1)
  return Math.max(tokens[before]?.type === 'list' ? before : last, 0)
}

function blockAtOrBefore(tokens: readonly Token[], index: number): number {
  let at = index
  while (at >= 0 && tokens[at]?.type === 'space') at -= 1
  return at
}
