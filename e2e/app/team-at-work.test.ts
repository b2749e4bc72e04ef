import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { serverState, userOfCookies } from '../harness/api.ts'
import { ask, screenshot, writtenSoFar, answered, cookieHeader } from '../harness/browser.ts'
import { A_MINUTE, FAST, openStage, SLOWLY } from '../harness/stage.ts'

const stage = openStage({ model: { ...FAST, tokens: A_MINUTE } })

const status = (page: Page): Promise<string | null> =>
  page.getByTestId('answer').last().getAttribute('data-status')

test('a plan is shown first when asked for, and what the person makes of it is researched', async () => {
  const page = await stage.guestPage()
  await page.getByRole('button', { name: 'Review the plan' }).click()
  await ask(page, 'How do I stream a response from a route handler?')
  const approval = page.getByTestId('plan-approval')
  await approval.waitFor()
  await screenshot(page, 'plan-approval')
  await approval.getByRole('button', { name: 'Add a question' }).click()
  await approval.getByRole('textbox').last().fill('How do I read cookies in a route handler?')
  await approval.getByRole('button', { name: 'Approve changes' }).click()
  await approval.waitFor({ state: 'detached' })
  await expect
    .poll(() => page.getByTestId('plan').innerText())
    .toContain('How do I read cookies in a route handler?')
  await answered(page)
  await page.context().close()
})

test('a plan that is rejected is not followed', async () => {
  const page = await stage.guestPage()
  await page.getByRole('button', { name: 'Review the plan' }).click()
  await ask(page, 'How do I stream a response from a route handler?')
  await page.getByTestId('plan-approval').getByRole('button', { name: 'Reject' }).click()
  await page.getByTestId('plan-approval').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Stop' }).waitFor({ state: 'detached' })
  expect(await page.locator('[data-agent^=researcher]').count()).toBe(0)
  await page.context().close()
})

test('a word to the team at work is told where it works, and a stop keeps what was written', async () => {
  stage.model.set(SLOWLY)
  const page = await stage.guestPage()
  await ask(page, 'How do I read cookies?')
  // What is being typed stays, and the keyboard with it, when the answer begins meanwhile.
  const word = page.getByLabel('A word to the team at work')
  await word.pressSequentially('also cover')
  await expect.poll(() => writtenSoFar(page)).toBeGreaterThan(0)
  await page.keyboard.type(' headers')
  await page.keyboard.press('Enter')
  await page.getByText('You told the team: “also cover headers”').waitFor()
  const answer = page.getByTestId('answer').last()
  await expect.poll(() => writtenSoFar(page)).toBeGreaterThan(80)
  await page.getByRole('button', { name: 'Stop' }).click()
  await expect.poll(() => status(page)).toBe('cancelled')
  expect((await answer.locator('.prose-answer').innerText()).length).toBeGreaterThan(80)
  await page.getByText('Stopped. What was written is kept.').waitFor()
  await page.getByRole('button', { name: 'Continue' }).waitFor()
  await page.context().close()
})

test('each agent has a lane, a place in the timeline and a transcript of its own, also after a reload', async () => {
  stage.model.set(SLOWLY)
  const page = await stage.guestPage()
  await ask(page, 'How do I read cookies?')
  const lanes = page.getByTestId('research-progress').getByTestId('agent')
  await expect.poll(() => lanes.count()).toBeGreaterThanOrEqual(3)
  await screenshot(page, 'agents-at-work')
  await lanes.getByRole('button', { name: 'Researcher 1', exact: true }).click()
  const happenings = page.getByTestId('team').getByTestId('happenings')
  await happenings.waitFor()
  const transcript = page.getByTestId('team').getByRole('region', { name: 'What happened: Researcher 1' })
  await transcript.waitFor()
  const places = page.getByTestId('team').getByRole('figure', { name: 'Timeline' }).getByRole('listitem')
  stage.model.set(FAST)
  await answered(page)
  expect(await places.count()).toBe(await page.getByTestId('team').getByTestId('agent').count())
  await page.reload()
  await page.getByRole('button', { name: 'Show the team at work' }).first().click()
  await expect.poll(() => happenings.getByRole('listitem').count()).toBeGreaterThan(5)
  await expect.poll(() => happenings.innerText()).toContain('The team finished')
  await page.context().close()
})

test('offline is said after a while, nothing moves, and the rest arrives once the network is back', async () => {
  stage.model.set(SLOWLY)
  const page = await stage.guestPage()
  const sessionId = await ask(page, 'How do I read cookies?')
  const user = userOfCookies(stage.app.url, await cookieHeader(page.context(), stage.app.url))
  await page.getByTestId('answer').waitFor()
  const prompt = page.getByLabel('Your question')
  const before = await prompt.boundingBox()
  await page.context().setOffline(true)
  const banner = page.getByTestId('connection-banner')
  await banner.waitFor()
  expect(await banner.getAttribute('data-trouble')).toMatch(/offline|reconnecting/)
  expect(await prompt.boundingBox()).toEqual(before)
  await screenshot(page, 'offline')
  await prompt.fill('And headers?')
  await page.keyboard.press('Enter')
  await page.getByTestId('sending').waitFor()
  // Everything else that was told waits beside it, and can be taken back.
  const waiting = page.getByTestId('outbox').getByRole('listitem')
  await page.getByLabel('A word to the team at work').fill('also cover headers')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Stop' }).click()
  await expect
    .poll(() => waiting.allInnerTexts())
    .toEqual([
      expect.stringMatching(/^Your word “also cover headers”: waits to be sent/),
      expect.stringMatching(/^Stop: waits to be sent/),
    ])
  await screenshot(page, 'outbox')
  await waiting.first().getByRole('button', { name: 'Take back' }).click()
  await expect.poll(() => waiting.count()).toBe(1)
  stage.model.set(FAST)
  await expect.poll(async () => (await serverState(user, sessionId)).runs[0]?.status).toBe('completed')
  await page.context().setOffline(false)
  await banner.waitFor({ state: 'detached' })
  await page.getByTestId('sending').waitFor({ state: 'detached' })
  await waiting.getByText('Stop: too late, the team was already done').waitFor()
  await waiting.getByRole('button', { name: 'Dismiss' }).click()
  await waiting.waitFor({ state: 'detached' })
  await expect
    .poll(() => page.locator('[data-testid=answer][data-status=complete]').count(), { timeout: 60_000 })
    .toBe(2)
  await page.context().close()
})

test('the inspector shows what comes, stands still, steps both ways, and reads back what it wrote', async () => {
  stage.model.set(SLOWLY)
  const page = await stage.guestPage()
  await ask(page, 'How do I read cookies?')
  await page.getByRole('button', { name: 'Inspect the stream' }).click()
  const panel = page.getByTestId('inspector')
  await panel.getByText('message_chunk').first().waitFor()
  await panel.getByRole('button', { name: 'Pause' }).click()
  await panel.getByText('Paused').waitFor()
  stage.model.set(FAST)
  await panel.getByRole('searchbox').fill('message_chunk')
  await panel.getByTestId('entry').nth(2).click()
  const folded = panel.getByTestId('folded')
  const there = await folded.innerText()
  const place = await panel.getByRole('slider').inputValue()
  await panel.getByRole('button', { name: 'One entry on' }).click()
  await expect.poll(() => folded.innerText()).not.toBe(there)
  await panel.getByRole('button', { name: 'One entry back' }).click()
  await expect.poll(() => folded.innerText()).toBe(there)

  const download = page.waitForEvent('download')
  await panel.getByRole('button', { name: 'Export capture' }).click()
  const file = await (await download).path()
  const text = await readFile(file, 'utf8')
  expect(JSON.parse(text)).toMatchObject({ format: 'throughline-capture' })
  expect(text).not.toContain('auth_token')
  await panel.getByRole('button', { name: 'Go on' }).click()
  await panel.getByText('Live', { exact: true }).waitFor()
  await panel.locator('input[type=file]').setInputFiles({
    name: 'capture.json',
    mimeType: 'application/json',
    buffer: Buffer.from(text),
  })
  await panel.getByText(/^Capture of/).waitFor()
  // The list holds the rows in sight alone, and those are others now: the slider knows the place.
  await panel.getByTestId('entry').first().click()
  await panel.getByRole('slider').fill(place)
  await expect.poll(() => folded.innerText()).toBe(there)
  await panel.locator('input[type=file]').setInputFiles({
    name: 'other.json',
    mimeType: 'application/json',
    buffer: Buffer.from('{"some":"file"}'),
  })
  await page.getByText('This file could not be read as a capture.').first().waitFor()

  // Whoever is handed the file needs neither the conversation nor an account.
  const other = await (await stage.browser.newContext()).newPage()
  await other.goto(`${stage.app.url}/inspect`)
  await other.getByRole('heading', { name: 'Look into a capture' }).waitFor()
  await other.locator('input[type=file]').setInputFiles(file)
  await other.getByText(/^Capture of/).waitFor()
  const last = await other.getByTestId('folded').innerText()
  await other.getByRole('button', { name: 'One entry back' }).click()
  await other.getByRole('button', { name: 'One entry back' }).click()
  await expect.poll(() => other.getByTestId('folded').innerText()).not.toBe(last)
  await other.getByRole('slider').press('End')
  await expect.poll(() => other.getByTestId('folded').innerText()).toBe(last)
  await screenshot(other, 'capture')
  await other.getByRole('button', { name: 'Close' }).click()
  await other.getByRole('heading', { name: 'Look into a capture' }).waitFor()
  await other.context().close()
  await page.context().close()
})
