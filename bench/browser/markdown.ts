import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'
import type { Browser } from 'playwright-core'
import type { Figures } from '../harness/results.ts'
import { answerText, piecesOf } from './answer-text.ts'
import { watchRenderers } from './renderers.ts'

const LENGTH = 32_768
const FLUSHES = 400
const APP = join(import.meta.dirname, '..', '..', 'apps', 'web')

/** How a growing text may be rendered. All of them use the app's own elements. */
export type Strategy = 'settled prefix' | 'memoised blocks' | 'whole text'

/** The page that renders, as one script. */
export async function bundlePage(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'markdown-page.jsx')],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    jsx: 'automatic',
    alias: { '@': join(APP, 'src') },
    nodePaths: [join(APP, 'node_modules')],
    // No worker to be had from here: code stays plain in all of them.
    define: { 'process.env.NODE_ENV': '"production"', 'import.meta.url': '"about:blank"' },
    conditions: ['@throughline/source'],
  })
  return outputFiles[0]?.text ?? ''
}

/** The stylesheet of the built app. */
export async function appStyles(): Promise<string> {
  const folder = join(APP, '.next', 'static', 'chunks')
  const names = (await readdir(folder)).filter((name) => name.endsWith('.css')).sort()
  return (await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))).join('\n')
}

/** What the page is made of. */
export interface MarkdownPage {
  readonly script: string
  readonly styles: string
}

/** 32 KB in 400 flushes, one a frame: CPU time of the renderer's main thread, with style, layout and paint. */
export async function measureMarkdown(
  browser: Browser,
  { script, styles }: MarkdownPage,
  strategy: Strategy,
): Promise<Figures> {
  const text = answerText(LENGTH)
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.setContent('<!doctype html><div id="root"></div>')
  await page.addStyleTag({ content: styles })
  await page.addScriptTag({ content: script })
  const pieces = piecesOf(text, Math.ceil(LENGTH / FLUSHES))
  const used = await watchRenderers(browser)
  const shown = await page.evaluate(
    ([name, all]) =>
      (globalThis as unknown as { grow(name: string, all: readonly string[]): Promise<number> }).grow(
        name,
        all,
      ),
    [strategy, pieces] as const,
  )
  const taskMs = used()
  await context.close()
  if (shown < LENGTH / 2) throw new Error(`${strategy} showed ${shown} characters`)
  return { taskMs }
}
