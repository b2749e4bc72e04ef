import type { Token, Tokens } from 'marked'
import { Fragment, type ReactNode } from 'react'
import { useStrings } from '@/text/use-strings'
import { CitationChip } from '@/components/citation-chip'
import { safeLink } from './links'

const CITATION = /\[(\d{1,3})\]/g

/** Text with `[n]` turned into a chip that opens source n. */
function CitedText({ text }: { text: string }) {
  const parts: ReactNode[] = []
  let from = 0
  for (const match of text.matchAll(CITATION)) {
    parts.push(text.slice(from, match.index), <CitationChip key={match.index} n={Number(match[1])} />)
    from = match.index + match[0].length
  }
  parts.push(text.slice(from))
  return parts
}

/** Inline Markdown as elements. HTML stays text; images are named, not loaded, for a remote image tells who reads. */
export function Inline({ tokens }: { tokens: readonly Token[] | undefined }) {
  return (tokens ?? []).map((token, index) => <InlineToken key={index} token={token} />)
}

function InlineToken({ token }: { token: Token }): ReactNode {
  const strings = useStrings()
  const children = 'tokens' in token ? <Inline tokens={token.tokens} /> : null
  switch (token.type) {
    case 'text': {
      const nested = (token as Tokens.Text).tokens
      return nested === undefined ? <CitedText text={token.raw} /> : <Inline tokens={nested} />
    }
    case 'escape':
      return <Fragment>{(token as Tokens.Escape).text}</Fragment>
    case 'strong':
      return <strong className="font-semibold">{children}</strong>
    case 'em':
      return <em>{children}</em>
    case 'del':
      return <del>{children}</del>
    case 'codespan':
      return <code className="font-mono">{(token as Tokens.Codespan).text}</code>
    case 'br':
      return <br />
    case 'link': {
      const href = safeLink((token as Tokens.Link).href)
      return href === undefined ? (
        children
      ) : (
        <a href={href} target="_blank" rel="noreferrer noopener nofollow">
          {children}
        </a>
      )
    }
    case 'image':
      return (
        <span className="text-sm text-faint italic">
          {strings.imageBlocked((token as Tokens.Image).text)}
        </span>
      )
    default:
      return <CitedText text={token.raw} />
  }
}
