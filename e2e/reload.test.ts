import { expect, test } from 'vitest'
import { serverAnswer, userOfCookies } from './harness/api.ts'
import { ask, cookieHeader, copiedAnswer, screenshot, writtenSoFar } from './harness/browser.ts'
import { A_MINUTE, FAST, openStage, SLOWLY } from './harness/stage.ts'

const stage = openStage({ model: { ...SLOWLY, tokens: A_MINUTE } })

test('B1 a reload in mid-answer goes on with the same text, to the last character', async () => {
  const page = await stage.guestPage()
  const context = page.context()
  const sessionId = await ask(page, 'How do I stream a response from a route handler?')
  const answer = page.getByTestId('answer').last()
  await expect.poll(() => writtenSoFar(page)).toBeGreaterThan(60)
  const before = (await answer.locator('.prose-answer').innerText()).trim()
  expect(await answer.getAttribute('data-status')).toBe('streaming')
  await screenshot(page, 'reload-before')

  await page.reload()
  const after = async () => (await answer.locator('.prose-answer').innerText()).trim()
  // It goes on while it is read.
  await expect.poll(async () => (await after()).length).toBeGreaterThan(before.length)
  expect((await after()).startsWith(before.slice(0, 40))).toBe(true)
  await screenshot(page, 'reload-after')

  stage.model.set(FAST)
  await expect.poll(() => answer.getAttribute('data-status'), { timeout: 60_000 }).toBe('complete')
  const user = userOfCookies(stage.app.url, await cookieHeader(context, stage.app.url))
  const written = await serverAnswer(user, sessionId)
  expect(await copiedAnswer(page)).toBe(written)
  expect(written.length).toBeGreaterThan(before.length)
  await context.close()
})

test('stop keeps what was written, and the composer is free again', async () => {
  stage.model.set(SLOWLY)
  const page = await stage.guestPage()
  const context = page.context()
  const sessionId = await ask(page, 'How do I read cookies in a server component?')
  const answer = page.getByTestId('answer').last()
  await expect.poll(() => writtenSoFar(page)).toBeGreaterThan(60)
  await page.getByRole('button', { name: 'Stop' }).click()
  await expect.poll(() => answer.getAttribute('data-status')).toBe('cancelled')
  const user = userOfCookies(stage.app.url, await cookieHeader(context, stage.app.url))
  expect(await copiedAnswer(page)).toBe(await serverAnswer(user, sessionId))
  await expect.poll(() => page.getByRole('button', { name: 'Stop' }).count()).toBe(0)
  await context.close()
})
