import { afterAll, beforeAll, expect, test } from 'vitest'
import { serverAnswer, userOfCookies } from '../harness/api.ts'
import { cookieHeader } from '../harness/browser.ts'
import { createClientWorld, shownText, type ClientWorld } from './world.ts'

/** Paragraphs that can be told apart, so that one lost or doubled would be seen. */
const ANSWER = Array.from(
  { length: 4_000 },
  (_, at) => `Paragraph ${String(at)} of this answer says what the others do not.\n\n`,
).join('')

let world: ClientWorld

beforeAll(async () => {
  world = await createClientWorld({ answer: ANSWER, tokensPerSecond: 4_000 })
})

afterAll(async () => {
  await world?.close()
})

test('B8 an answer of 200,000 characters is shown whole, over a reload too, and the page can be used meanwhile', async () => {
  expect(ANSWER.length).toBeGreaterThan(200_000)
  const { context, page, askAndRead, expectWhole } = await world.person()
  const sessionId = await askAndRead()
  const prompt = page.getByLabel('Your question')
  await prompt.fill('typed while it writes')
  expect(await prompt.inputValue()).toBe('typed while it writes')
  await expectWhole(sessionId)
  const user = userOfCookies(world.app.url, await cookieHeader(context, world.app.url))
  const written = await serverAnswer(user, sessionId)
  expect(written.length).toBeGreaterThan(200_000)
  await page.reload()
  await expect.poll(() => shownText(page), { timeout: 60_000 }).toContain('Paragraph 3999 of this answer')
  await expectWhole(sessionId)
})
