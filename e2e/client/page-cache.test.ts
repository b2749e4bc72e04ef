import { chromium, type Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BROWSER_OPTIONS } from '../harness/browser.ts'
import { QUESTION, createClientWorld, shownText, signOut, type ClientWorld } from './world.ts'

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
  const { page, askAndRead, expectWhole } = await world.person()
  const sessionId = await askAndRead()
  const before = await shownText(page)
  await page.evaluate(() => {
    Object.assign(window, { isTheSamePage: true })
    addEventListener('pageshow', ({ persisted }) => Object.assign(window, { wasPersisted: persisted }))
  })
  await page.goto(`${world.app.url}/healthz`)
  // A page that comes back whole does not load.
  await page.goBack({ waitUntil: 'commit' })
  const kept = await page.evaluate(() => [
    Reflect.get(window, 'isTheSamePage') as unknown,
    Reflect.get(window, 'wasPersisted') as unknown,
    JSON.stringify(performance.getEntriesByType('navigation')),
  ])
  expect(kept.slice(0, 2), String(kept[2])).toEqual([true, true])
  expect((await shownText(page)).startsWith(before.slice(0, 40))).toBe(true)
  await expectWhole(sessionId)
})

test('B4 B7 a page in the back/forward cache does not bring back what was signed out of meanwhile', async () => {
  const { page, askAndRead, open } = await world.person()
  const other = await open(await askAndRead())
  await page.goto(`${world.app.url}/healthz`)
  await signOut(other)
  await page.goBack()
  await page.getByRole('button', { name: 'Continue as guest' }).waitFor()
  expect(await page.getByText(QUESTION).count()).toBe(0)
})
