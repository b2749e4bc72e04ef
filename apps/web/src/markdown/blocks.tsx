import type { Token, Tokens } from 'marked'
import { memo, type ReactNode } from 'react'
import { CodeBlock } from './code-block'
import { Inline } from './inline'

export interface BlocksProps {
  readonly tokens: readonly Token[]
  /** How many of them, from the first, can no longer change. Default: all. */
  readonly settled?: number
}

/** Block tokens as elements; one that kept its identity is not rendered again. */
export function Blocks({ tokens, settled = tokens.length }: BlocksProps) {
  return tokens.map((token, index) => <Block key={index} token={token} settled={index < settled} />)
}

interface BlockProps<T extends Token = Token> {
  readonly token: T
  readonly settled: boolean
}

const Block = memo(function Block({ token, settled }: BlockProps): ReactNode {
  switch (token.type) {
    case 'space':
    case 'def':
      return null
    case 'heading':
      return <Heading token={token as Tokens.Heading} />
    case 'paragraph':
      return (
        <p>
          <Inline tokens={(token as Tokens.Paragraph).tokens} />
        </p>
      )
    case 'code': {
      const { text, lang = '' } = token as Tokens.Code
      return <CodeBlock code={text} language={lang} settled={settled} />
    }
    case 'list':
      return <List token={token as Tokens.List} settled={settled} />
    case 'blockquote':
      return (
        <blockquote>
          <Nested tokens={(token as Tokens.Blockquote).tokens} settled={settled} />
        </blockquote>
      )
    case 'table':
      return <Table token={token as Tokens.Table} />
    case 'hr':
      return <hr />
    case 'text':
      return <Inline tokens={(token as Tokens.Text).tokens ?? [token]} />
    default:
      return <p>{token.raw}</p>
  }
})

function Nested({ tokens, settled }: { readonly tokens: readonly Token[]; readonly settled: boolean }) {
  return <Blocks tokens={tokens} settled={settled ? tokens.length : 0} />
}

function Heading({ token }: { token: Tokens.Heading }) {
  // The page's own heading is level 1: an answer's begin below it.
  const Tag = (['h2', 'h3', 'h4'] as const)[Math.min(token.depth, 3) - 1] ?? 'h4'
  return (
    <Tag>
      <Inline tokens={token.tokens} />
    </Tag>
  )
}

function List({ token, settled }: BlockProps<Tokens.List>) {
  const items = token.items.map((item, index) => <Item key={index} token={item} settled={settled} />)
  return token.ordered ? <ol start={token.start === '' ? 1 : token.start}>{items}</ol> : <ul>{items}</ul>
}

const Item = memo(function Item({ token, settled }: BlockProps<Tokens.ListItem>) {
  return (
    <li>
      <Nested tokens={token.tokens} settled={settled} />
    </li>
  )
})

function Table({ token }: { token: Tokens.Table }) {
  return (
    <div className="overflow-x-auto">
      <table>
        <thead>
          <tr>
            {token.header.map((cell, index) => (
              <th key={index} scope="col">
                <Inline tokens={cell.tokens} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {token.rows.map((row, index) => (
            <Row key={index} cells={row} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

const Row = memo(function Row({ cells }: { cells: readonly Tokens.TableCell[] }) {
  return (
    <tr>
      {cells.map((cell, index) => (
        <td key={index}>
          <Inline tokens={cell.tokens} />
        </td>
      ))}
    </tr>
  )
})
