import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Browser } from 'playwright-core'
import { findBarriers } from '../harness/axe.ts'
import { launchBrowser } from '../harness/browser.ts'

let browser: Browser

beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser?.close())

const PAGE = (body: string) =>
  `<!doctype html><html lang="en"><title>A page</title><main><h1>A page</h1>${body}</main></html>`

test('a page without barriers has none, and one with them names rule and place', async () => {
  const page = await browser.newPage()
  await page.setContent(PAGE('<label>Name <input></label>'))
  expect(await findBarriers(page)).toEqual([])
  await page.setContent(PAGE('<input id="nameless"><p id="pale" style="color:#ccc;background:#fff">pale</p>'))
  const found = await findBarriers(page)
  expect(found.map(({ rule }) => rule).toSorted()).toEqual(['color-contrast', 'label'])
  expect(found.flatMap(({ places }) => places).join('\n')).toMatch(/#nameless[^]*#pale|#pale[^]*#nameless/)
  expect(await findBarriers(page, { within: '#nameless' })).toHaveLength(1)
  await page.close()
})
