import { afterAll, beforeAll, expect, test } from 'vitest'
import { serverState, userOfCookies } from '../harness/api.ts'
import { cookieHeader } from '../harness/browser.ts'
import { countRequests, createClientWorld, shownText, type ClientWorld } from './world.ts'

/** Looks at a page that shows nothing more, after which all that was on its way is there. */
const STILL_LOOKS = 8

let world: ClientWorld

beforeAll(async () => {
  world = await createClientWorld()
})

afterAll(async () => {
  await world?.close()
})

test('B2 offline for ten minutes in mid-answer: it says so, and goes on with the same text', async () => {
  const { context, page, askAndRead, expectWhole } = await world.person((fresh) => fresh.clock.install())
  const sessionId = await askAndRead()
  const before = await shownText(page)
  await context.setOffline(true)
  await expect.poll(() => page.getByTestId('connection-banner').getAttribute('data-trouble')).toBe('offline')
  await page.clock.fastForward('10:00')
  expect((await shownText(page)).startsWith(before.slice(0, 40))).toBe(true)
  await context.setOffline(false)
  await expectWhole(sessionId)
  await expect.poll(() => page.getByTestId('connection-banner').count()).toBe(0)
})

test('B2 what is written offline waits and is sent once, when the network is back', async () => {
  const { context, page, askAndRead, expectWhole } = await world.person((fresh) => fresh.clock.install())
  const sessionId = await askAndRead()
  await expectWhole(sessionId)
  await context.setOffline(true)
  await page.getByLabel('Your question').fill('And what of the edge?')
  await page.keyboard.press('Enter')
  await expect.poll(() => page.getByText('And what of the edge?').count()).toBeGreaterThan(0)
  await page.clock.fastForward('10:00')
  await context.setOffline(false)
  await expect.poll(() => page.getByTestId('answer').count(), { timeout: 60_000 }).toBe(2)
  await expectWhole(sessionId)
  const user = userOfCookies(world.app.url, await cookieHeader(context, world.app.url))
  const { messages } = await serverState(user, sessionId)
  expect(messages.filter(({ role }) => role === 'user').map(({ content }) => content)).toHaveLength(2)
})

test('B3 an hour of sleep in mid-answer is noticed on waking: another stream, the same text', async () => {
  const { page, askAndRead, expectWhole } = await world.person((fresh) => fresh.clock.install())
  const streams = countRequests(page, '/api/sse')
  const sessionId = await askAndRead()
  const before = streams()
  // Nothing arrives while it sleeps: a byte after the hour would say that the stream is alive.
  process.kill(world.app.pid(), 'SIGSTOP')
  let seen = ''
  let still = 0
  const looks = async (): Promise<number> => (still = seen === (seen = await shownText(page)) ? still + 1 : 0)
  await expect.poll(looks, { interval: 250 }).toBe(STILL_LOOKS)
  await page.clock.fastForward('01:00:00')
  process.kill(world.app.pid(), 'SIGCONT')
  await expect.poll(() => streams() > before).toBe(true)
  await expectWhole(sessionId)
})
