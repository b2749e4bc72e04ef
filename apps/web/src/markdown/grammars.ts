import type { ThemedToken } from 'shiki/core'
import type { CodeLines, CodeToken } from './highlight.ts'

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

/** Longer lines stay plain. */
const MAX_LINE = 2_000

/** The grammar for a fence's language, if it is one of the common ones. */
function grammarOf(language: string): Grammar | undefined {
  const name = language.toLowerCase()
  if (Object.hasOwn(GRAMMARS, name)) return name as Grammar
  return Object.hasOwn(ALIASES, name) ? ALIASES[name] : undefined
}

let loading: ReturnType<typeof load> | undefined

/** Colours code, loading what that takes when it is first asked for; `undefined` for a language it does not know. */
export async function colour(code: string, language: string): Promise<CodeLines | undefined> {
  const grammar = grammarOf(language)
  if (grammar === undefined) return undefined
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
      .codeToTokensBase(code, {
        lang: grammar,
        theme: 'throughline',
        // By length, not by the clock: a busy machine would colour the same line otherwise.
        tokenizeTimeLimit: 0,
        tokenizeMaxLineLength: MAX_LINE,
      })
      .map((line) => line.map(toToken))
  }
}

function toToken({ content, color }: ThemedToken): CodeToken {
  const name = /--code-token-([a-z-]+)/.exec(color ?? '')?.[1]
  return { text: content, className: name === undefined ? undefined : `code-${name}` }
}
