import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Browser } from 'playwright-core'
import { serverState, userOfCookies } from './harness/api.ts'
import { startApp, type RunningApp } from './harness/app.ts'
import {
  ask,
  cookieHeader,
  DESKTOP,
  launchBrowser,
  PHONE,
  screenshot,
  signInAsGuest,
} from './harness/browser.ts'

let app: RunningApp
let browser: Browser

beforeAll(async () => {
  ;[app, browser] = await Promise.all([startApp(), launchBrowser()])
})

afterAll(async () => {
  await browser?.close()
  await app?.dispose()
})

const QUESTION = 'How do I stream a response from a route handler?'

test.each([
  ['light', 'desktop', DESKTOP],
  ['dark', 'desktop', DESKTOP],
  ['light', 'phone', PHONE],
  ['dark', 'phone', PHONE],
] as const)(
  'a question is planned, researched and answered with citations that open their passages (%s, %s)',
  async (theme, size, viewport) => {
    const context = await browser.newContext({ viewport, colorScheme: theme })
    const page = await signInAsGuest(context, app.url)
    await screenshot(page, `welcome-${theme}-${size}`)
    const sessionId = await ask(page, QUESTION)

    const answer = page.getByTestId('answer').last()
    await expect.poll(() => answer.getAttribute('data-status')).toBe('complete')
    await screenshot(page, `answer-${theme}-${size}`)

    const progress = page.getByTestId('research-progress')
    await progress.getByRole('button').first().click()
    await expect
      .poll(() => progress.getByTestId('plan').getByRole('listitem').count())
      .toBeGreaterThanOrEqual(2)
    const agents = await progress
      .getByTestId('agent')
      .evaluateAll((lanes) => lanes.map((lane) => (lane as HTMLElement).dataset))
    expect(agents.filter((agent) => agent['agent']?.startsWith('researcher')).length).toBeGreaterThanOrEqual(
      2,
    )
    expect(agents.every((agent) => agent['status'] === 'completed')).toBe(true)
    await screenshot(page, `agents-${theme}-${size}`)

    // Each citation's quote is really at its place in the library, and the page shows it there.
    const user = userOfCookies(app.url, await cookieHeader(context, app.url))
    const { messages } = await serverState(user, sessionId)
    const citations = messages.at(-1)?.citations ?? []
    expect(citations.length).toBeGreaterThanOrEqual(2)
    for (const citation of citations) {
      const passage = await user.json<{ text: string }>(
        'GET',
        `/api/library/documents/${citation.documentId}?start=${String(citation.start)}&end=${String(citation.end)}`,
      )
      expect(passage.text).toBe(citation.quote)
    }
    await answer.getByTestId('citation').first().click()
    const panel = page.getByTestId('passage')
    await panel.waitFor()
    await expect.poll(() => panel.locator('mark').textContent()).toBe(citations[0]?.quote)
    await screenshot(page, `passage-${theme}-${size}`)
    await context.close()
  },
)

test('asked for what the library does not hold, the team says so and cites nothing', async () => {
  const context = await browser.newContext({ viewport: DESKTOP })
  const page = await signInAsGuest(context, app.url)
  const sessionId = await ask(page, 'Who won the football world cup in 1998?')
  await expect.poll(() => page.getByTestId('answer').last().getAttribute('data-status')).toBe('complete')
  const user = userOfCookies(app.url, await cookieHeader(context, app.url))
  const { messages } = await serverState(user, sessionId)
  expect(messages.at(-1)?.citations).toEqual([])
  await context.close()
})
