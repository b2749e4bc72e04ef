/**
 * A quotation as it is shown: quote marks and line breaks inside a sentence become spaces, and what would be read as a
 * citation of ours is escaped. Code and tables are shown as they are, cut free of their indentation.
 */
export function readable(quote: string, kind: 'prose' | 'verbatim'): string {
  if (kind === 'verbatim') return outdent(quote)
  return quote
    .replace(/\n(?:[ \t]*>)*[ \t]*/g, ' ')
    .replace(/(`[^`]*`)|\[(\d+)\](?!\()/g, (match, code: string | undefined, n: string | undefined) =>
      code === undefined && n !== undefined ? `\\[${n}\\]` : match,
    )
    .trim()
}

/** A title as plain words inside Markdown: what would be read as markup is escaped. */
export function asPlain(title: string): string {
  return title.replace(/[\\`*_[\]<>#|~]/g, '\\$&')
}

/** The last line of a nested fence tells how deep it stands; its first may have lost its indentation to the slice. */
function outdent(quote: string): string {
  const lines = quote.split('\n')
  const indentation = /^[ \t>]*/.exec(lines.at(-1) ?? '')?.[0] ?? ''
  if (indentation === '') return quote
  return lines
    .map((line) => (line.startsWith(indentation) ? line.slice(indentation.length) : line))
    .join('\n')
}
