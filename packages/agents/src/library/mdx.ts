import { parseFrontMatter } from './front-matter.ts'
import { linesOf } from './lines.ts'

/** Which of the two routers' readers a page is prepared for. */
export type Router = 'app' | 'pages'

/** A page of the corpus made readable: `text` is plain Markdown, ready to be stored. */
export interface ReadablePage {
  readonly title: string
  readonly text: string
}

interface Piece {
  readonly fence: string | undefined
  readonly lines: string[]
}

const FENCE = /^\s*(`{3,}|~{3,})(.*)$/
const ONLY = /^\s*<(\/?)(AppOnly|PagesOnly)\s*>\s*$/
/** Components that hold nothing to read, with what ends them. */
const SKIPPED: readonly (readonly [opening: RegExp, closing: RegExp])[] = [
  [/^\s*\{\/\*/, /\*\/\}\s*$/],
  [/^\s*<FixCardGrid\b/, /<\/FixCardGrid>/],
  [/^\s*<(?:Image|Video|FixCard)\b/, /\/>\s*$/],
  [/^\s*<(?:details|\/details|div|\/div)\b[^>]*>\s*$/, /$/],
]
/** What each router's reader does not see. */
const HIDDEN: Readonly<Record<Router, string>> = { app: 'PagesOnly', pages: 'AppOnly' }
const SITE = 'https://nextjs.org'

/**
 * Turns a page of the shipped documentation into Markdown for one router's reader: the other router's parts, comments,
 * pictures and components go, of a sample given in TypeScript and JavaScript or for four package managers one is kept,
 * links lead to the site. Title and description stand at the top.
 */
export function readablePage(source: string, body: string, router: Router): ReadablePage {
  const { fields } = parseFrontMatter(source)
  const { bodyStart } = parseFrontMatter(body)
  const name = fields.get('title') ?? ''
  const title = router === 'pages' ? `${name} (Pages Router)` : name
  const description = fields.get('description')
  const pieces = oneOfEachSample(piecesOf(body.slice(bodyStart), router))
  const lines = pieces.flatMap((piece) =>
    piece.fence === undefined ? piece.lines.map((line) => prose(line, router)) : codeLines(piece),
  )
  const head =
    description === undefined ? [`# ${title}`, ''] : [`# ${title}`, '', prose(description, router), '']
  return {
    title,
    text: `${[...head, ...lines]
      .join('\n')
      .replace(/\n{3,}/g, '\n\n')
      .trim()}\n`,
  }
}

/** Prose lines and whole fences in order, without what this reader does not see. */
function piecesOf(body: string, router: Router): readonly Piece[] {
  const pieces: Piece[] = []
  let closing: RegExp | undefined
  let fence: { mark: string; piece: Piece } | undefined
  let hiding = false
  for (const { text: line } of linesOf(body)) {
    if (fence) {
      fence.piece.lines.push(line)
      if (line.trim().startsWith(fence.mark) && line.trim().replaceAll(fence.mark.charAt(0), '') === '')
        fence = undefined
      continue
    }
    const only = ONLY.exec(line)
    if (only) {
      if (only[2] === HIDDEN[router]) hiding = only[1] === ''
      continue
    }
    closing ??= SKIPPED.find(([opening]) => opening.test(line))?.[1]
    if (closing) {
      if (closing.test(line)) closing = undefined
      continue
    }
    const opening = FENCE.exec(line)
    const piece: Piece = { fence: opening?.[2], lines: [line] }
    if (opening) fence = { mark: opening[1] ?? '```', piece }
    if (!hiding) pieces.push(piece)
  }
  return pieces
}

/** Drops the JavaScript twin of a TypeScript sample, and all package managers but npm. */
function oneOfEachSample(pieces: readonly Piece[]): readonly Piece[] {
  let before = ''
  return pieces.filter((piece) => {
    if (piece.fence === undefined) {
      if (piece.lines.some((line) => line.trim() !== '')) before = ''
      return true
    }
    const twin = /^jsx?\b.*\bswitcher\b/.test(piece.fence) && /^tsx?\b.*\bswitcher\b/.test(before)
    before = piece.fence
    return !twin && !/\bpackage="(?!npm")/.test(piece.fence)
  })
}

function codeLines(piece: Piece): readonly string[] {
  const [opening = '', ...rest] = piece.lines
  return [
    opening.replace(/ (?:switcher|hideLineNumbers|package="[^"]*"|highlight=\{[^}]*\})/g, '').trimEnd(),
    ...rest,
  ]
}

function prose(line: string, router: Router): string {
  return line
    .replace(/<(AppOnly|PagesOnly)>(.*?)<\/\1>/g, (_, name: string, part: string) =>
      name === HIDDEN[router] ? '' : part,
    )
    .replace(/\{\/\*.*?\*\/\}/g, '')
    .replace(/<Check size=\{\d+\} \/>/g, '✓')
    .replace(/<Cross size=\{\d+\} \/>/g, '✗')
    .replace(/^\s*<summary>(.*)<\/summary>\s*$/, '**$1**')
    .replace(/\[([^\]]+)\]\(#[^)]*\)/g, '$1')
    .replace(/\]\(\/(?=docs|learn|blog|telemetry)/g, `](${SITE}/`)
}
