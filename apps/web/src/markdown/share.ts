import type { Token, Tokens } from 'marked'

/**
 * Blocks lexed anew, with those of `before` in the place of the ones that say the same: a list that grew by a word has
 * one item that is another object.
 */
export function shareBlocks(before: readonly Token[], after: readonly Token[]): readonly Token[] {
  return after.map((token, at) => shared(before[at], token))
}

function shared(before: Token | undefined, after: Token): Token {
  if (before?.type !== after.type) return after
  if (before.raw === after.raw) return before
  if (after.type === 'list') return sharedList(before as Tokens.List, after as Tokens.List)
  if (after.type === 'table') return sharedTable(before as Tokens.Table, after as Tokens.Table)
  return after
}

function sharedList(before: Tokens.List, after: Tokens.List): Tokens.List {
  // Whether a list is loose decides how each of its items is read.
  if (before.loose !== after.loose) return after
  const items = after.items.map((item, at) => {
    const known = before.items[at]
    return known?.raw === item.raw && known.loose === item.loose ? known : item
  })
  return { ...after, items }
}

function sharedTable(before: Tokens.Table, after: Tokens.Table): Tokens.Table {
  const rows = after.rows.map((row, at) => {
    const known = before.rows[at]
    const isSame = known?.length === row.length && known.every(({ text }, cell) => text === row[cell]?.text)
    return isSame ? known : row
  })
  return { ...after, rows }
}
