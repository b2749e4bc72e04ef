import { marked, type Token, type Tokens } from 'marked'

/** Deeper than anybody writes; what is rendered deep is walked by recursion. */
const MAX_DEPTH = 48
/** Quotes and lists that deep, and runs of marks, for which the lexer itself takes time or stack without end. */
const TOO_DEEP = /^(?:[ \t]*>){48}|^[ \t]{96,}(?:[-*+]|\d{1,9}[.)])[ \t]|[*_~[!]{256}/m

/** Markdown as blocks; a text that is nested only to do harm is one paragraph of plain text. */
export function lexMarkdown(text: string): Token[] {
  if (TOO_DEEP.test(text)) return [plain(text)]
  try {
    const tokens = [...marked.lexer(text)]
    return tokens.every((token) => isShallow(token, MAX_DEPTH)) ? tokens : [plain(text)]
  } catch (error) {
    if (error instanceof RangeError) return [plain(text)]
    throw error
  }
}

function plain(text: string): Tokens.Paragraph {
  return { type: 'paragraph', raw: text, text, tokens: [{ type: 'text', raw: text, text }] }
}

function isShallow(token: Token, levels: number): boolean {
  if (levels === 0) return false
  return inside(token).every((child) => isShallow(child, levels - 1))
}

function inside(token: Token): readonly Token[] {
  const { tokens = [] } = token as { tokens?: readonly Token[] }
  return token.type === 'list' ? (token as Tokens.List).items : tokens
}
