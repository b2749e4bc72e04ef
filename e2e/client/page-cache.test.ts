import { chromium, type Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BROWSER_OPTIONS } from '../harness/browser.ts'
import { createClientWorld, shownText, type ClientWorld } from './world.ts'

let world: ClientWorld
let browser: Browser

beforeAll(async () => {
  // Playwright switches the back/forward cache off.
  browser = await chromium.launch({
    ...BROWSER_OPTIONS,
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  })
  world = await createClientWorld({}, { browser })
})

afterAll(async () => {
  await browser?.close()
  await world?.close()
})

test('B4 left and come back to through the back/forward cache in mid-answer: the same page, the same text', async () => {
  const { context, page, askAndRead, expectWhole } = await world.person()
  const sessionId = await askAndRead()
  const before = await shownText(page)
  await page.evaluate(() => {
    Object.assign(window, { isTheSamePage: true })
    addEventListener('pageshow', ({ persisted }) => Object.assign(window, { wasPersisted: persisted }))
  })
  await page.goto(`${world.app.url}/healthz`)
  await page.goBack()
  const kept = await page.evaluate(() => [
    Reflect.get(window, 'isTheSamePage') as unknown,
    Reflect.get(window, 'wasPersisted') as unknown,
    JSON.stringify(performance.getEntriesByType('navigation')),
  ])
  expect(kept.slice(0, 2), String(kept[2])).toEqual([true, true])
  expect((await shownText(page)).startsWith(before.slice(0, 40))).toBe(true)
  await expectWhole(sessionId)
  await context.close()
})
