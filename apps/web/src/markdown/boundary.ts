import type { Token } from 'marked'

/** A block and the text it stands for, with the blank lines behind it. */
export interface Block {
  readonly token: Token
  readonly text: string
}

const BLANK_LINE = /\n[ \t]*\n[ \t]*$/
const TWO_LINES = /^[^\n]*\n[^\n]*\n/
/** A definition's title may stand on the line below it, and go on over many. */
const TITLE = /^\s*["'(]/

/**
 * How many of a growing text's blocks no later text can change. The last one always may.
 *
 * A block has ended once another one stands behind a blank line or has two complete lines of its own: until then `#` may
 * become `#word`, which goes on with the paragraph above it. A list may go on in whatever follows it, so it waits for
 * that to end, too.
 */
export function countFinal(blocks: readonly Block[]): number {
  return Math.max(
    0,
    blocks.findLastIndex((next, at) => at > 0 && isApart(blocks[at - 1], next)),
  )
}

function isApart(last: Block | undefined, next: Block): boolean {
  if (last === undefined || last.token.type === 'list') return false
  if (last.token.type === 'def' && TITLE.test(next.text)) return false
  return BLANK_LINE.test(last.text) || TWO_LINES.test(next.text)
}

/** Blocks without the space between them, which goes to the one before it. */
export function blocksOf(tokens: readonly Token[]): Block[] {
  const blocks: Block[] = []
  for (const token of tokens) {
    const last = blocks.at(-1)
    if (token.type === 'space' && last !== undefined)
      blocks[blocks.length - 1] = { ...last, text: last.text + token.raw }
    else blocks.push({ token, text: token.raw })
  }
  return blocks
}
