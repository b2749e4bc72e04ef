import { join } from 'node:path'
import { build } from 'esbuild'
import type { Browser } from 'playwright-core'
import type { Figures } from '../harness/results.ts'
import { mainThreadMs } from '../harness/process-accounting.ts'
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

/** 32 KB in 400 flushes, one a frame: CPU time of the renderer's main thread, with style, layout and paint. */
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
  const pid = await rendererOf(browser)
  const pieces = piecesOf(text, Math.ceil(LENGTH / FLUSHES))
  const before = mainThreadMs(pid)
  const shown = await page.evaluate(
    ([name, all]) =>
      (globalThis as unknown as { grow(name: string, all: readonly string[]): Promise<number> }).grow(
        name,
        all,
      ),
    [strategy, pieces] as const,
  )
  const taskMs = mainThreadMs(pid) - before
  await context.close()
  if (shown < LENGTH / 2) throw new Error(`${strategy} showed ${shown} characters`)
  return { taskMs }
}

/** The process of the page opened last. */
async function rendererOf(browser: Browser): Promise<number> {
  const cdp = await browser.newBrowserCDPSession()
  const { processInfo } = await cdp.send('SystemInfo.getProcessInfo')
  await cdp.detach()
  const newest = processInfo.filter(({ type }) => type === 'renderer').sort((a, b) => b.id - a.id)[0]
  if (newest === undefined) throw new Error('Chromium has no renderer')
  return newest.id
}
