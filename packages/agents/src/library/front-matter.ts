/** The flat, string-valued fields of a document's front matter, and where its body begins. */
export interface FrontMatter {
  readonly fields: ReadonlyMap<string, string>
  readonly bodyStart: number
}

const OPENING = /^---[ \t]*\n/
const CLOSING = /^(?:---|\.\.\.)[ \t]*$/m
const FIELD = /^([A-Za-z_][\w-]*):[ \t]+(.+?)[ \t]*$/
const QUOTED = /^(["'])(.*)\1$/

/** Reads front matter at the top of `text`. Nested values are passed over; a block never closed is body. */
export function parseFrontMatter(text: string): FrontMatter {
  const opening = OPENING.exec(text)
  if (!opening) return { fields: new Map(), bodyStart: 0 }
  const rest = text.slice(opening[0].length)
  const closing = CLOSING.exec(rest)
  if (!closing) return { fields: new Map(), bodyStart: 0 }
  const bodyStart = Math.min(text.length, opening[0].length + closing.index + closing[0].length + 1)
  return { fields: new Map(readFields(rest.slice(0, closing.index))), bodyStart }
}

function* readFields(block: string): Generator<[string, string]> {
  for (const line of block.split('\n')) {
    const [, name, value] = FIELD.exec(line) ?? []
    if (name !== undefined && value !== undefined) yield [name, value.replace(QUOTED, '$2')]
  }
}
