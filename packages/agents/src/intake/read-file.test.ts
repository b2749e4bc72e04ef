import { describe, expect, it } from 'vitest'
import { pdfOf } from '../testing/pdf-file.ts'
import { docxOf, zipOf } from '../testing/zip-file.ts'
import { sniffKind } from './file-kind.ts'
import { readFile, type FileToRead } from './read-file.ts'

const read = (kind: FileToRead['kind'], bytes: Uint8Array | string) =>
  readFile({ kind, bytes: Buffer.from(bytes) }, () => undefined)

describe('reading files', () => {
  it('reads a PDF page by page, its headings by their size and its broken words made whole', async () => {
    const bytes = pdfOf([
      ['# Tulip bulbs', 'Plant them in au-', 'tumn, twice as deep', 'as they are tall.', '', 'Water once.'],
      ['The second page.'],
    ])
    const { text, pageStarts } = await read('pdf', bytes)
    expect(text).toBe(
      '## Tulip bulbs\n\nPlant them in autumn, twice as deep as they are tall.\n\nWater once.\n\nThe second page.',
    )
    expect(pageStarts?.map((start) => text.slice(start, start + 10))).toEqual(['## Tulip b', 'The second'])
  })

  it('takes a PDF’s title from what its author wrote', async () => {
    expect((await read('pdf', pdfOf([['text']], { title: 'Bulbs (and more)' }))).title).toBe(
      'Bulbs (and more)',
    )
    expect((await read('pdf', pdfOf([['text']], { title: 'final2.docx' }))).title).toBeUndefined()
  })

  it('reads headings and paragraphs of a Word document', async () => {
    const { text } = await read(
      'docx',
      docxOf(['# Bulbs', 'Plant <b>deep</b> & water.'.replace(/<|>|&/g, '')]),
    )
    expect(text).toBe('# Bulbs\n\nPlant bdeep/b  water.'.replace('  ', ' '))
  })

  it('reads what an HTML page shows and nothing of what it runs', async () => {
    const { text, title } = await read(
      'html',
      `<!doctype html><html><head><title>A &amp; B</title><script>steal()</script><style>p{}</style></head>
       <body><nav>Menu</nav><h1>Tea</h1><p onclick="steal()">Steep <b>long</b>,<br>not hot.</p>
       <ul><li>one<li>two<ul><li>deep</ul></ul><pre><code>a &lt; b
  c</code></pre><table><tr><th>x<th>y</tr><tr><td>1<td>2|3</tr></table><svg><text>no</text></svg></body></html>`,
    )
    expect(title).toBe('A & B')
    expect(text).toBe(
      '# Tea\n\nSteep long,\nnot hot.\n\n- one\n- two\n  - deep\n\n```\na < b\n  c\n```\n\n' +
        '| x | y |\n| --- | --- |\n| 1 | 2\\|3 |',
    )
  })

  it('gives up at once what is nested beyond all reason', async () => {
    const deep = `${'<div>'.repeat(1_000_000)}never found`
    await expect(read('html', deep)).rejects.toMatchObject({ code: 'corrupt' })
  })

  it.each([
    ['corrupt', 'pdf', Buffer.from('%PDF-1.7 and then nothing that is one')],
    ['corrupt', 'pdf', pdfOf([['cut off']]).subarray(0, 90)],
    ['encrypted', 'pdf', pdfOf([['secret']], { encrypted: true })],
    ['no_text', 'pdf', pdfOf([[]])],
    ['corrupt', 'docx', docxOf(['cut off']).subarray(0, 300)],
    ['unsupported', 'docx', zipOf([{ name: 'xl/workbook.xml', content: '<a/>' }])],
    ['encrypted', 'docx', zipOf([{ name: 'word/document.xml', content: 'x', encrypted: true }])],
    ['corrupt', 'docx', zipOf([{ name: 'word/document.xml', content: '<w:document' }])],
    ['no_text', 'docx', docxOf([''])],
    ['no_text', 'html', Buffer.from('<!doctype html><script>only()</script>')],
    ['no_text', 'markdown', Buffer.from(' \n\t\n')],
    ['corrupt', 'text', Buffer.from([0x68, 0x69, 0xff, 0xfe, 0xfd])],
  ] as const)('gives the reason %s for a bad %s', async (code, kind, bytes) => {
    await expect(read(kind, bytes)).rejects.toMatchObject({ name: 'IntakeFault', code })
  })

  it('unpacks a bomb no further than the limit, whatever it claims', async () => {
    const bomb = Buffer.alloc(80_000_000, 'a')
    const bytes = docxOf(['small'], [{ name: 'word/styles.xml', content: bomb, claimedBytes: 10 }])
    expect(bytes.length).toBeLessThan(1_000_000)
    await expect(read('docx', bytes)).rejects.toMatchObject({ code: 'too_large' })
  })
})

describe('sniffKind', () => {
  it.each([
    ['pdf', 'notes.txt', '%PDF-1.4'],
    ['docx', 'a.zip', 'PK\x03\x04rest'],
    ['html', 'a.md', '<!-- saved --><!DOCTYPE html><p>'],
    ['html', 'a.txt', '\n<div class="x">hi</div>'],
    ['markdown', 'a.txt', '# Title\n\ntext'],
    ['markdown', 'README.md', 'plain words'],
    ['text', 'a.txt', 'plain words'],
    ['text', 'a.pdf', 'no PDF at all'],
  ])('knows %s by what it holds, not by its name %s', (kind, name, content) => {
    expect(sniffKind(Buffer.from(content, 'latin1'), name)).toEqual({ kind })
  })

  it.each([
    ['empty', 'a.md', ''],
    ['empty', 'a.md', ' \n '],
    ['unsupported', 'a.md', '\x89PNG\r\n\x1a\n\0\0'],
    ['unsupported', 'a.txt', '\x7fELF\x02\x01'],
    ['unsupported', 'a.txt', 'caf\xe9 in an old encoding'],
    ['encrypted', 'a.docx', '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 anything'],
  ])('refuses what is %s', (fault, name, content) => {
    expect(sniffKind(Buffer.from(content, 'latin1'), name)).toEqual({ fault })
  })

  it('is not misled by a character that the front cuts in two', () => {
    expect(sniffKind(Buffer.from(`${'a'.repeat(4_095)}é and more`), 'a.txt')).toEqual({ kind: 'text' })
  })
})
