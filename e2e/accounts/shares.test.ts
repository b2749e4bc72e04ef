import { startModelServer, type ModelServer } from '@throughline/agents/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Browser } from 'playwright-core'
import { startApp, type RunningApp } from '../harness/app.ts'
import { findBarriers } from '../harness/axe.ts'
import { ask, DESKTOP, launchBrowser, PHONE, screenshot, signInAsGuest } from '../harness/browser.ts'

let app: RunningApp
let browser: Browser
let model: ModelServer

beforeAll(async () => {
  model = await startModelServer({ tokensPerSecond: 20, tokens: 2_000, apiKey: 'key-of-the-person-1' })
  ;[app, browser] = await Promise.all([startApp({ ALLOW_LOCAL_MODELS: '1' }), launchBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await app?.dispose()
  await model?.close()
})

test('with a provider of their own, a person’s question goes there, and the link to it is read live until it is revoked', async () => {
  const context = await browser.newContext({ viewport: DESKTOP })
  const page = await signInAsGuest(context, app.url)
  await page.goto(`${app.url}/settings`)
  await page.getByText('a model of my own provider').click()
  await page.getByLabel('Address').fill(model.url)
  await page.getByRole('textbox', { name: 'Model' }).fill('their-model')
  await page.getByLabel('Key', { exact: true }).fill('key-of-the-person-1')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Saved').waitFor()
  await page.getByText('it ends in on-1').waitFor()
  await page.reload()
  await page.getByText('it ends in on-1').waitFor()
  expect(await page.content()).not.toContain('key-of-the-person')

  await page.goto(app.url)
  const sessionId = await ask(page, 'How do I stream a response from a route handler?')
  await page.getByRole('button', { name: 'Share' }).click()
  await page.getByRole('button', { name: 'Create link' }).click()
  const link = await page.getByLabel('Link', { exact: true }).inputValue()
  expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/shared\/[\w-]{16}#[\w-]{43}$/)
  await screenshot(page, 'share-dialog-light-desktop')
  expect(await findBarriers(page)).toEqual([])

  // Somebody without an account, on a phone.
  const reading = await browser.newContext({ viewport: PHONE })
  const reader = await reading.newPage()
  const sent: string[] = []
  reader.on('request', (request) => sent.push(request.url(), JSON.stringify(request.headers())))
  await reader.goto(link)
  await reader.getByText('Live', { exact: true }).waitFor()
  const answer = reader.getByTestId('answer').last()
  await expect.poll(() => answer.getAttribute('data-status')).toBe('streaming')
  const length = async () => (await answer.innerText()).length
  const before = await length()
  await expect.poll(length).toBeGreaterThan(before)
  await screenshot(reader, 'shared-light-phone')
  expect(await findBarriers(reader)).toEqual([])
  expect(await reader.getByRole('textbox').count()).toBe(0)
  expect(sent.join('\n')).not.toContain(link.split('#')[1])
  expect(model.requests.some(({ model: asked }) => asked === 'their-model')).toBe(true)

  await page.getByRole('button', { name: /^Revoke: / }).click()
  await reader.getByRole('alert').getByText('This link has ended').waitFor()
  await reader.reload()
  await reader.getByRole('heading', { name: 'This link does not work' }).waitFor()
  await screenshot(reader, 'shared-revoked-light-phone')
  await reader.goto(`${app.url}/s/${sessionId}`)
  await reader.getByRole('button', { name: 'Continue as guest' }).waitFor()
  await Promise.all([context.close(), reading.close()])
})
