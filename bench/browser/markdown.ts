import { join } from 'node:path'
import { build } from 'esbuild'
import type { Browser } from 'playwright-core'
import type { Figures } from '../harness/results.ts'
import { answerText, piecesOf } from './answer-text.ts'

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
    define: { 'process.env.NODE_ENV': '"production"' },
    conditions: ['@throughline/source'],
  })
  return outputFiles[0]?.text ?? ''
}

/** 32 KB in 400 flushes, one a frame: time of the main thread, with style, layout and paint. */
export async function measureMarkdown(
  browser: Browser,
  script: string,
  strategy: Strategy,
): Promise<Figures> {
  const text = answerText(LENGTH)
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.setContent('<!doctype html><div id="root"></div>')
  await page.addScriptTag({ content: script })
  const cdp = await context.newCDPSession(page)
  await cdp.send('Performance.enable')
  const time = async (): Promise<number> => {
    const { metrics } = await cdp.send('Performance.getMetrics')
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1_000
  }
  const pieces = piecesOf(text, Math.ceil(LENGTH / FLUSHES))
  const before = await time()
  const shown = await page.evaluate(
    ([name, all]) =>
      (globalThis as unknown as { grow(name: string, all: readonly string[]): Promise<number> }).grow(
        name,
        all,
      ),
    [strategy, pieces] as const,
  )
  const taskMs = (await time()) - before
  await context.close()
  if (shown < LENGTH / 2) throw new Error(`${strategy} showed ${shown} characters`)
  return { taskMs }
}
