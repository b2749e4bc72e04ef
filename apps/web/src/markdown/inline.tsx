import type { Token, Tokens } from 'marked'
import type { ReactNode } from 'react'
import { useStrings } from '@/text/use-strings'
import { CitationChip } from '@/components/citation-chip'
import { safeLink } from './links'

const CITATION = /\[(\d{1,3})\]/g

/** Inline Markdown as elements. HTML stays text; images are named, not loaded, for a remote image tells who reads. */
export function Inline({ tokens }: { tokens: readonly Token[] | undefined }): ReactNode {
  return inline(tokens)
}

// Not components: an answer has tens of thousands of words between marks, and none of them changes by itself.

function inline(tokens: readonly Token[] | undefined): ReactNode {
  return tokens?.map(inlineToken)
}

function inlineToken(token: Token, key: number): ReactNode {
  switch (token.type) {
    case 'text': {
      const nested = (token as Tokens.Text).tokens
      return nested === undefined ? cited(token.raw) : inline(nested)
    }
    case 'escape':
      return (token as Tokens.Escape).text
    case 'strong':
      return (
        <strong key={key} className="font-semibold">
          {inline((token as Tokens.Strong).tokens)}
        </strong>
      )
    case 'em':
      return <em key={key}>{inline((token as Tokens.Em).tokens)}</em>
    case 'del':
      return <del key={key}>{inline((token as Tokens.Del).tokens)}</del>
    case 'codespan':
      return (
        <code key={key} className="font-mono">
          {(token as Tokens.Codespan).text}
        </code>
      )
    case 'br':
      return <br key={key} />
    case 'link': {
      const { href, tokens } = token as Tokens.Link
      const safe = safeLink(href)
      return safe === undefined ? (
        inline(tokens)
      ) : (
        <a key={key} href={safe} target="_blank" rel="noreferrer noopener nofollow">
          {inline(tokens)}
        </a>
      )
    }
    case 'image':
      return <BlockedImage key={key} text={(token as Tokens.Image).text} />
    default:
      return cited(token.raw)
  }
}

/** Text with `[n]` turned into a chip that opens source n. */
function cited(text: string): ReactNode {
  if (!text.includes('[')) return text
  const parts: ReactNode[] = []
  let from = 0
  for (const match of text.matchAll(CITATION)) {
    parts.push(text.slice(from, match.index), <CitationChip key={match.index} n={Number(match[1])} />)
    from = match.index + match[0].length
  }
  parts.push(text.slice(from))
  return parts
}

function BlockedImage({ text }: { text: string }) {
  return <span className="text-sm text-faint italic">{useStrings().imageBlocked(text)}</span>
}
