import { PROVIDER_INTERNALS } from '@throughline/agents/testing'
import { expect, test } from 'vitest'
import { answered, ask } from '../harness/browser.ts'
import { openStage } from '../harness/stage.ts'

const QUESTION = 'How do I read cookies?'

const stage = openStage({ model: { tokens: 60, tokensPerSecond: 60, apiKey: 'test-key' } })

test('what a model looked up is told where its researcher is, and a wrong key is one clear message', async () => {
  const page = await stage.guestPage()
  await ask(page, QUESTION)
  await answered(page)
  await page.getByRole('button', { name: 'Show the team at work' }).first().click()
  const happenings = page.getByTestId('team').getByTestId('happenings')
  await expect.poll(() => happenings.innerText()).toContain(`Searched for “${QUESTION}”`)

  stage.model.set({ apiKey: 'another' })
  await page.getByLabel('Your question').fill('And headers?')
  await page.keyboard.press('Enter')
  const shown = page.getByRole('log').getByText('The model provider refused the key')
  await shown.first().waitFor({ timeout: 60_000 })
  await page.getByRole('button', { name: 'Stop' }).waitFor({ state: 'detached' })
  expect(await shown.count()).toBe(1)
  expect(await shown.innerText()).toContain('OPENAI_API_KEY')
  expect(await page.getByTestId('answer').count()).toBe(1)
  expect(await page.locator('body').innerText()).not.toContain(PROVIDER_INTERNALS)
  await page.context().close()
})
