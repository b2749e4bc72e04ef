import { expect, test } from 'vitest'
import { serverAnswer, serverState, userOfCookies } from './harness/api.ts'
import { ask, cookieHeader, copiedAnswer, screenshot, writtenSoFar } from './harness/browser.ts'
import { A_MINUTE, FAST, openStage, SLOWLY } from './harness/stage.ts'

const stage = openStage({ model: { ...SLOWLY, tokens: A_MINUTE } })

test('B6 kill -9 in mid-answer: the page comes back by itself, nothing written is lost, the run is interrupted and continues', async () => {
  const page = await stage.guestPage()
  const context = page.context()
  const sessionId = await ask(page, 'How do I stream a response from a route handler?')
  const answer = page.getByTestId('answer').last()
  const prose = answer.locator('.prose-answer')
  await expect.poll(() => writtenSoFar(page)).toBeGreaterThan(60)
  const shown = (await prose.innerText()).trim()

  await stage.app.kill()
  await page.getByTestId('connection-banner').waitFor()
  await screenshot(page, 'crash-reconnecting')
  stage.model.set({ ...FAST, tokens: 100 })
  await stage.app.restart()

  await expect.poll(() => answer.getAttribute('data-status'), { timeout: 60_000 }).toBe('interrupted')
  await expect.poll(() => page.getByTestId('connection-banner').count()).toBe(0)
  expect((await prose.innerText()).startsWith(shown)).toBe(true)
  await screenshot(page, 'crash-interrupted')
  const user = userOfCookies(stage.app.url, await cookieHeader(context, stage.app.url))
  const partial = await serverAnswer(user, sessionId)
  expect(await copiedAnswer(page)).toBe(partial)

  await page.getByRole('button', { name: 'Continue', exact: true }).click()
  await expect
    .poll(() => page.getByTestId('answer').last().getAttribute('data-status'), { timeout: 60_000 })
    .toBe('complete')
  const whole = await serverAnswer(user, sessionId)
  expect(whole.startsWith(partial)).toBe(true)
  expect(whole.length).toBeGreaterThan(partial.length)
  expect(await copiedAnswer(page)).toBe(whole)
  // One answer is shown; the partial one is an earlier version of it.
  expect(await page.getByTestId('answer').count()).toBe(1)
  await page.getByLabel('Version 2 of 2').waitFor()
  const { runs } = await serverState(user, sessionId)
  expect(runs.map((run) => run.status)).toEqual(['interrupted', 'completed'])
  await screenshot(page, 'crash-continued')
  await context.close()
})
