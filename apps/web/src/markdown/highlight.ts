import type { ThemedToken } from 'shiki/core'

/** A piece of a line of code and what kind of word it is. */
export interface CodeToken {
  readonly text: string
  /** A class of `globals.css`; none for plain text. */
  readonly className: string | undefined
}

/** Code by lines. */
export type CodeLines = readonly (readonly CodeToken[])[]

/** Longer code stays plain: colouring it would hold up the page. */
const MAX_LENGTH = 20_000

const GRAMMARS = {
  bash: () => import('shiki/langs/bash.mjs'),
  css: () => import('shiki/langs/css.mjs'),
  diff: () => import('shiki/langs/diff.mjs'),
  go: () => import('shiki/langs/go.mjs'),
  html: () => import('shiki/langs/html.mjs'),
  json: () => import('shiki/langs/json.mjs'),
  python: () => import('shiki/langs/python.mjs'),
  rust: () => import('shiki/langs/rust.mjs'),
  sql: () => import('shiki/langs/sql.mjs'),
  tsx: () => import('shiki/langs/tsx.mjs'),
  yaml: () => import('shiki/langs/yaml.mjs'),
} as const

type Grammar = keyof typeof GRAMMARS

const ALIASES: Readonly<Record<string, Grammar>> = {
  env: 'bash',
  html: 'html',
  javascript: 'tsx',
  js: 'tsx',
  jsonc: 'json',
  jsx: 'tsx',
  mjs: 'tsx',
  patch: 'diff',
  py: 'python',
  rs: 'rust',
  sh: 'bash',
  shell: 'bash',
  svg: 'html',
  ts: 'tsx',
  typescript: 'tsx',
  xml: 'html',
  yml: 'yaml',
  zsh: 'bash',
}

/** The grammar for a fence's language, if it is one of the common ones. */
function grammarOf(language: string): Grammar | undefined {
  const name = language.toLowerCase()
  return Object.hasOwn(GRAMMARS, name) ? (name as Grammar) : ALIASES[name]
}

let loading: Promise<(code: string, grammar: Grammar) => Promise<CodeLines>> | undefined

/** Colours code, loading what that takes when it is first asked for; `undefined` for a language it does not know. */
export async function highlight(code: string, language: string): Promise<CodeLines | undefined> {
  const grammar = grammarOf(language)
  if (grammar === undefined || code.length > MAX_LENGTH) return undefined
  loading ??= load()
  return (await loading)(code, grammar)
}

async function load(): Promise<(code: string, grammar: Grammar) => Promise<CodeLines>> {
  const [{ createCssVariablesTheme, createHighlighterCore }, { createJavaScriptRegexEngine }] =
    await Promise.all([import('shiki/core'), import('shiki/engine/javascript')])
  // Its colours are names, which become classes: the page's policy allows no inline style.
  const theme = createCssVariablesTheme({ name: 'throughline', variablePrefix: '--code-' })
  const shiki = await createHighlighterCore({
    themes: [theme],
    engine: createJavaScriptRegexEngine({ forgiving: true }),
  })
  return async (code, grammar) => {
    await shiki.loadLanguage(GRAMMARS[grammar]())
    return shiki
      .codeToTokensBase(code, { lang: grammar, theme: 'throughline' })
      .map((line) => line.map(toToken))
  }
}

function toToken({ content, color }: ThemedToken): CodeToken {
  const name = /--code-token-([a-z-]+)/.exec(color ?? '')?.[1]
  return { text: content, className: name === undefined ? undefined : `code-${name}` }
}
