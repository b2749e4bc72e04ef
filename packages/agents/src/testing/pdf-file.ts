import { deflateSync } from 'node:zlib'

export interface PdfOptions {
  /** Default: none. */
  readonly title?: string
  /** Under a password that nobody knows. Default: open. */
  readonly encrypted?: boolean
  /** Content streams instead of those of the lines, one a page. */
  readonly contents?: readonly Uint8Array[]
}

/** A PDF with these lines on each page; a line that begins with `# ` is set in large type. */
export function pdfOf(pages: readonly (readonly string[])[], options: PdfOptions = {}): Uint8Array {
  const { title, encrypted = false, contents = pages.map(contentOf) } = options
  const objects: (string | Buffer)[] = []
  const add = (body: string | Buffer): number => objects.push(body)
  const catalog = add('')
  const tree = add('')
  const font = add('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>')
  const kids = contents.map((content) => {
    const packed = deflateSync(content, { level: 1 })
    const stream = add(
      Buffer.concat([
        Buffer.from(`<< /Length ${String(packed.length)} /Filter /FlateDecode >>\nstream\n`),
        packed,
        Buffer.from('\nendstream'),
      ]),
    )
    return add(
      `<< /Type /Page /Parent ${String(tree)} 0 R /MediaBox [0 0 612 792] /Contents ${String(stream)} 0 R ` +
        `/Resources << /Font << /F1 ${String(font)} 0 R >> >> >>`,
    )
  })
  const info = add(title === undefined ? '<< >>' : `<< /Title (${escaped(title)}) >>`)
  const secret = 'ab'.repeat(32)
  const encrypt = add(
    `<< /Filter /Standard /V 1 /R 2 /Length 40 /P -4 /O <${secret}> /U <${'cd'.repeat(32)}> >>`,
  )
  objects[catalog - 1] = `<< /Type /Catalog /Pages ${String(tree)} 0 R >>`
  objects[tree - 1] =
    `<< /Type /Pages /Count ${String(kids.length)} /Kids [${kids.map((kid) => `${String(kid)} 0 R`).join(' ')}] >>`

  const parts: Buffer[] = [Buffer.from('%PDF-1.7\n')]
  const offsets: number[] = []
  let offset = parts[0]?.length ?? 0
  for (const [index, body] of objects.entries()) {
    offsets.push(offset)
    const part = Buffer.concat([
      Buffer.from(`${String(index + 1)} 0 obj\n`),
      Buffer.from(body),
      Buffer.from('\nendobj\n'),
    ])
    parts.push(part)
    offset += part.length
  }
  const table = offsets.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('')
  const security = encrypted ? ` /Encrypt ${String(encrypt)} 0 R /ID [<${secret}> <${secret}>]` : ''
  parts.push(
    Buffer.from(
      `xref\n0 ${String(objects.length + 1)}\n0000000000 65535 f \n${table}` +
        `trailer\n<< /Size ${String(objects.length + 1)} /Root ${String(catalog)} 0 R /Info ${String(info)} 0 R${security} >>\n` +
        `startxref\n${String(offset)}\n%%EOF\n`,
    ),
  )
  return Buffer.concat(parts)
}

function contentOf(lines: readonly string[]): Uint8Array {
  let y = 740
  const shown = lines.map((line) => {
    const heading = line.startsWith('# ')
    y -= heading ? 40 : line === '' ? 20 : 14
    const size = heading ? 20 : 11
    return `BT /F1 ${String(size)} Tf 1 0 0 1 72 ${String(y)} Tm (${escaped(heading ? line.slice(2) : line)}) Tj ET`
  })
  return Buffer.from(shown.join('\n'))
}

function escaped(text: string): string {
  return text.replace(/[\\()]/g, '\\$&')
}
