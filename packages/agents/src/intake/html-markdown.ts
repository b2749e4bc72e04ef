import { Parser } from 'htmlparser2'
import { IntakeFault } from './intake-fault.ts'

/** What a page shows: its title and its text as Markdown. */
export interface ReadPage {
  readonly title: string
  readonly markdown: string
}

/** Elements whose content is not for readers. */
const HIDDEN: ReadonlySet<string> = new Set(
  'script style noscript template svg iframe object embed nav select button textarea audio video canvas math'.split(
    ' ',
  ),
)
const BLOCKS: ReadonlySet<string> = new Set(
  (
    'address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure ' +
    'footer form header hr html legend li main ol p section summary table tbody td tfoot th thead tr ul'
  ).split(' '),
)
const HEADING = /^h([1-6])$/
const MAX_LIST_DEPTH = 6
/** The parser's time grows with the square of the depth; no page of a person's is as deep. */
const MAX_DEPTH = 3_000

/**
 * Reads HTML as text with its structure as Markdown: headings, lists, tables, code. Nothing of it is run or fetched.
 * @throws IntakeFault `corrupt` for what is nested beyond all reason
 */
export function readHtml(html: string): ReadPage {
  const page = new PageWriter()
  let depth = 0
  const parser = new Parser(
    {
      onopentag: (name) => {
        depth += 1
        if (depth > MAX_DEPTH) throw new IntakeFault('corrupt')
        page.open(name)
      },
      onclosetag: (name) => {
        depth -= 1
        page.close(name)
      },
      ontext: (text) => {
        page.text(text)
      },
    },
    { decodeEntities: true, lowerCaseTags: true },
  )
  parser.end(html)
  return page.read()
}

/** Writes Markdown as tags and text go by. */
class PageWriter {
  readonly #blocks: string[] = []
  readonly #lists: ('ul' | 'ol')[] = []
  #hidden = 0
  #title = ''
  #inTitle = false
  #line = ''
  #prefix = ''
  #pre: string | undefined
  #row: string[] | undefined
  #rows = 0

  open(name: string): void {
    if (HIDDEN.has(name)) this.#hidden += 1
    if (this.#hidden > 0) return
    if (name === 'title') this.#inTitle = true
    else if (name === 'pre') {
      this.#flush()
      this.#pre = ''
    } else if (this.#pre !== undefined) this.#pre += name === 'br' ? '\n' : ''
    else if (name === 'br') this.#line += '\n'
    else if (name === 'code') this.#line += '`'
    else if (name === 'td' || name === 'th') this.#line = ''
    else this.#openBlock(name)
  }

  #openBlock(name: string): void {
    const level = HEADING.exec(name)?.[1]
    if (this.#row !== undefined || (level === undefined && !BLOCKS.has(name))) return
    this.#flush()
    if (level !== undefined) this.#prefix = `${'#'.repeat(Number(level))} `
    if ((name === 'ul' || name === 'ol') && this.#lists.length < MAX_LIST_DEPTH) this.#lists.push(name)
    if (name === 'li') {
      const kind = this.#lists.at(-1) ?? 'ul'
      this.#prefix = `${'  '.repeat(Math.max(0, this.#lists.length - 1))}${kind === 'ol' ? '1.' : '-'} `
    }
    if (name === 'table') this.#rows = 0
    if (name === 'tr') this.#row = []
  }

  close(name: string): void {
    if (HIDDEN.has(name) && this.#hidden > 0) {
      this.#hidden -= 1
      return
    }
    if (this.#hidden > 0) return
    if (name === 'title') this.#inTitle = false
    else if (name === 'pre') this.#flushCode()
    else if (this.#pre !== undefined) return
    else if (name === 'code') this.#line += '`'
    else if ((name === 'td' || name === 'th') && this.#row !== undefined) {
      this.#row.push(collapse(this.#line).replaceAll('|', '\\|'))
      this.#line = ''
    } else if (name === 'tr') this.#flushRow()
    else if (this.#row === undefined && (BLOCKS.has(name) || HEADING.test(name))) {
      this.#flush()
      if (name === 'ul' || name === 'ol') this.#lists.pop()
    }
  }

  text(text: string): void {
    if (this.#hidden > 0) return
    if (this.#inTitle) this.#title += text
    else if (this.#pre !== undefined) this.#pre += text
    else this.#line += text.replace(/\s+/g, ' ')
  }

  read(): ReadPage {
    this.#flushCode()
    this.#flushRow()
    this.#flush()
    return { title: collapse(this.#title), markdown: this.#blocks.join('') }
  }

  #flush(): void {
    const text = this.#line
      .split('\n')
      .map((line) => collapse(line))
      .filter((line) => line !== '' && line !== '``')
      .join('\n')
    if (text !== '') this.#push(this.#prefix + text, /^\s*(?:-|1\.) /.test(this.#prefix))
    this.#line = ''
    if (text !== '') this.#prefix = ''
  }

  #flushCode(): void {
    if (this.#pre === undefined) return
    const code = this.#pre.replace(/^\n|\s+$/g, '')
    const fence = '`'.repeat(Math.max(3, ...[...code.matchAll(/`+/g)].map(([run]) => run.length + 1)))
    if (code.trim() !== '') this.#push(`${fence}\n${code}\n${fence}`, false)
    this.#pre = undefined
  }

  #flushRow(): void {
    const row = this.#row
    this.#row = undefined
    if (row === undefined || row.every((cell) => cell === '')) return
    this.#rows += 1
    if (this.#rows === 1) this.#push(`| ${row.join(' | ')} |\n|${' --- |'.repeat(row.length)}`, false)
    else this.#blocks.push(`\n| ${row.join(' | ')} |`)
  }

  /** Items of a list stand close, everything else apart. */
  #push(block: string, item: boolean): void {
    const before = this.#blocks.at(-1)
    const close = item && before !== undefined && /^\s*(?:-|1\.) /.test(before.trimStart())
    this.#blocks.push(`${before === undefined ? '' : close ? '\n' : '\n\n'}${block}`)
  }
}

function collapse(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
