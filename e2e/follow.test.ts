import { expect, test } from 'vitest'
import { guest, serverAnswer, userOfCookies } from './harness/api.ts'
import { ask, cookieHeader, copiedAnswer, screenshot } from './harness/browser.ts'
import { A_MINUTE, FAST, openStage, SLOWLY } from './harness/stage.ts'

const stage = openStage({ model: { ...SLOWLY, tokens: A_MINUTE } })

test('a second window on the session follows live, and both end with the same text', async () => {
  const first = await stage.guestPage()
  const context = first.context()
  const sessionId = await ask(first, 'How do I stream a response from a route handler?')
  const second = await context.newPage()
  await second.goto(`${stage.app.url}/s/${sessionId}`)
  const answers = [first, second].map((page) => page.getByTestId('answer').last())
  for (const answer of answers) {
    await expect.poll(() => answer.getAttribute('data-status').catch(() => null)).toBe('streaming')
  }
  await screenshot(second, 'second-window')
  stage.model.set(FAST)
  for (const answer of answers) {
    await expect.poll(() => answer.getAttribute('data-status'), { timeout: 60_000 }).toBe('complete')
  }
  const user = userOfCookies(stage.app.url, await cookieHeader(context, stage.app.url))
  const written = await serverAnswer(user, sessionId)
  for (const page of [first, second]) {
    await page.bringToFront()
    expect(await copiedAnswer(page)).toBe(written)
  }
  await context.close()
})

test('A2 a stranger gets 404 for the session, on every route, and a page that says so', async () => {
  const owner = await guest(stage.app.url)
  const { id } = await owner.json<{ id: string }>('POST', '/api/sessions', {})
  const stranger = await guest(stage.app.url)
  const unknown = await stranger.request('GET', '/api/sessions/there-is-none')
  const foreign = await stranger.request('GET', `/api/sessions/${id}`)
  expect([unknown.status, foreign.status]).toEqual([404, 404])
  expect(await foreign.text()).toBe(await unknown.text())
  const statuses = await Promise.all([
    stranger.request('GET', `/api/sse?sessionId=${id}`, undefined, { accept: 'text/event-stream' }),
    stranger.request('GET', `/api/run_sse/${id}`, undefined, { accept: 'text/event-stream' }),
    stranger.request('GET', `/api/sessions/${id}/updates`),
    stranger.request('GET', `/api/sessions/${id}/messages`),
    stranger.request('POST', `/api/sessions/${id}/messages`, { content: 'x', clientMessageId: 'c1' }),
    stranger.request('PATCH', `/api/sessions/${id}`, { title: 'mine' }),
    stranger.request('DELETE', `/api/sessions/${id}`),
    stranger.request('PUT', `/api/sessions/${id}`, {}),
    stranger.request('POST', `/api/sessions/${id}/runs/r_1/cancel`),
  ])
  expect(statuses.map((response) => response.status)).toEqual(statuses.map(() => 404))

  const page = await stage.guestPage()
  const context = page.context()
  await page.goto(`${stage.app.url}/s/${id}`)
  await page.getByText('There is no such conversation, or it is not yours.').waitFor()
  await screenshot(page, 'stranger')
  await context.close()
})
