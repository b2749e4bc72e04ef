import { build } from 'esbuild'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import type { BrowserContext, Page } from 'playwright-core'

const CANDIDATES = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
]

/** The system's Chromium; `undefined` where there is none. */
export const chromiumPath = CANDIDATES.find((path) => path !== undefined && existsSync(path))

/** A browser with pages of one origin, each with the modules of `entry` under `window.modules`. */
export interface TestBrowser {
  open(): Promise<Page>
  close(): Promise<void>
}

const ORIGIN = 'https://modules.test/'

/** @param entry TypeScript that exports what the pages are to have, with paths from `src` */
export async function openChromium(entry: string): Promise<TestBrowser> {
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: fileURLToPath(new URL('..', import.meta.url)), loader: 'ts' },
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'modules',
    target: 'es2023',
    conditions: ['@throughline/source'],
  })
  const script = outputFiles[0]?.text ?? ''
  const browser = await chromium.launch({
    ...(chromiumPath === undefined ? {} : { executablePath: chromiumPath }),
    args: ['--no-sandbox'],
  })
  const context: BrowserContext = await browser.newContext()
  // A secure context is needed for locks; a document of our own origin for the database.
  await context.route(`${ORIGIN}**`, (route) =>
    route.fulfill({ contentType: 'text/html', body: `<!doctype html><script>${script}</script>` }),
  )
  return {
    async open() {
      const page = await context.newPage()
      await page.goto(ORIGIN)
      return page
    },
    async close() {
      await browser.close()
    },
  }
}
