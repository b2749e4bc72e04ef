import { Lexer, Tokenizer, defaults, type Links, type Token, type Tokens } from 'marked'

/** Deeper than anybody writes; what is rendered deep is walked by recursion. */
const MAX_DEPTH = 48
/** Quotes and lists that deep, and runs of marks, for which the lexer itself takes time or stack without end. */
const TOO_DEEP = /^(?:[ \t]*>){48}|^[ \t]{96,}(?:[-*+]|\d{1,9}[.)])[ \t]|[*_~[!]{256}/m

/** Where the labels of a text's `[label]: address` lines lead. */
export type Definitions = Readonly<Links>

export const noDefinitions: Definitions = {}

/** The lexer drops a definition whose label was taken. Here it stays, out of reach, so that tokens add up to their text. */
class KeepingTokenizer extends Tokenizer {
  override def(source: string): Tokens.Def | undefined {
    const token = super.def(source)
    if (token === undefined || !(token.tag in this.lexer.tokens.links)) return token
    return { ...token, tag: `${token.tag}\n${String(source.length)}` }
  }
}

/** Blocks that add up to their text, and all that is defined in it and before it. */
export interface Lexed {
  readonly tokens: readonly Token[]
  readonly definitions: Definitions
}

/**
 * Markdown as blocks; `undefined` for a text that is nested only to do harm.
 * @param text its lines end in `\n`
 * @param known definitions of the text before it
 */
export function lexBlocks(text: string, known: Definitions = noDefinitions): Lexed | undefined {
  if (TOO_DEEP.test(text)) return undefined
  const lexer = new Lexer({ ...defaults, tokenizer: new KeepingTokenizer() })
  Object.assign(lexer.tokens.links, known)
  try {
    const tokens = [...lexer.lex(text)]
    if (!tokens.every((token) => isShallow(token, MAX_DEPTH))) return undefined
    return { tokens, definitions: lexer.tokens.links }
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** The definitions among these blocks and in them. */
export function definitionsIn(tokens: readonly Token[]): Definitions {
  const found: Links = {}
  const collect = (token: Token): void => {
    if (token.type === 'def') {
      const { tag, href, title } = token as Tokens.Def
      found[tag] ??= { href, title }
    }
    if (token.type === 'list' || token.type === 'list_item' || token.type === 'blockquote')
      inside(token).forEach(collect)
  }
  tokens.forEach(collect)
  return found
}

/** A text as one paragraph without any markup. */
export function plain(text: string): Tokens.Paragraph {
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
