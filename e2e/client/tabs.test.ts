import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { userOfCookies } from '../harness/api.ts'
import { cookieHeader } from '../harness/browser.ts'
import { QUESTION, createClientWorld, shownText, signOut, type ClientWorld } from './world.ts'

let world: ClientWorld

beforeAll(async () => {
  world = await createClientWorld()
})

afterAll(async () => {
  await world?.close()
})

/** Streams that the server holds open. */
async function openStreams(): Promise<number> {
  const answer = await fetch(`${world.app.url}/metrics`)
  const [, count] = /^throughline_subscribers (\d+)$/m.exec(await answer.text()) ?? []
  return Number(count)
}

// Seven conversations, begun one after the other: it is long without anything hanging.
const SEVEN = { timeout: 300_000 }

test(
  'P4 seven tabs on HTTP/1.1, each on a session of its own: one stream, all live, requests still answer',
  SEVEN,
  async () => {
    const { context, page, askAndRead, expectWhole } = await world.person()
    const tabs: { page: Page; sessionId: string }[] = []
    for (let at = 0; at < 7; at++) {
      const tab = at === 0 ? page : await context.newPage()
      if (at > 0) await tab.goto(world.app.url)
      tabs.push({ page: tab, sessionId: await askAndRead(tab) })
    }
    // Every one of them asks for something of its own while the stream is open.
    const statuses = tabs.map((tab) =>
      tab.page.evaluate(async () => {
        const answer = await fetch('/api/auth/me', { headers: { 'X-Throughline': '1' } })
        return answer.status
      }),
    )
    expect(await Promise.all(statuses)).toEqual(tabs.map(() => 200))
    // A tab that takes the lead opens its stream before the other has closed its own.
    await expect.poll(openStreams).toBe(1)
    for (const tab of tabs) await expectWhole(tab.sessionId, tab.page)
  },
)

test('P4 seven tabs on one session show the same, over one stream', async () => {
  const { askAndRead, expectWhole, open } = await world.person()
  const sessionId = await askAndRead()
  const others = []
  for (let at = 0; at < 6; at++) others.push(await open(sessionId))
  await expect.poll(openStreams).toBe(1)
  for (const other of others) await expectWhole(sessionId, other)
})

for (const how of ['closed', 'crashed'] as const) {
  test(`B5 the tab that leads is ${how} in mid-answer: another one goes on, with nothing lost or doubled`, async () => {
    const { page, askAndRead, expectWhole, open } = await world.person()
    const sessionId = await askAndRead()
    const other = await open(sessionId)
    await expect.poll(() => shownText(other)).toMatch(/.{60}/s)
    await expect.poll(openStreams).toBe(1)
    const before = (await shownText(other)).length
    if (how === 'closed') await page.close()
    else await page.goto('chrome://crash').catch(() => undefined)
    await expect.poll(async () => (await shownText(other)).length).toBeGreaterThan(before)
    await expectWhole(sessionId, other)
    await expect.poll(openStreams).toBe(1)
  })
}

test('B7 signing out in one tab closes and wipes every tab, in the browser and on the wire', async () => {
  const { context, page, askAndRead, open } = await world.person()
  const sessionId = await askAndRead()
  const other = await open(sessionId)
  const said = await shownText(other)
  expect(said.length).toBeGreaterThan(0)
  const user = userOfCookies(world.app.url, await cookieHeader(context, world.app.url))
  await signOut(page)
  await other.getByRole('button', { name: 'Continue as guest' }).waitFor()
  expect(await other.getByText(QUESTION).count()).toBe(0)
  await expect.poll(openStreams).toBe(0)
  const rows = await other.evaluate(async () => {
    const names = (await indexedDB.databases()).flatMap(({ name }) => (name === undefined ? [] : [name]))
    const counts = names.map(
      (name) =>
        new Promise<number>((resolve, reject) => {
          const opening = indexedDB.open(name)
          opening.onerror = reject
          opening.onsuccess = () => {
            const database = opening.result
            const stores = [...database.objectStoreNames]
            const transaction = database.transaction(stores)
            const asked = stores.map((store) => transaction.objectStore(store).count())
            transaction.oncomplete = () => {
              resolve(asked.reduce((sum, { result }) => sum + result, 0))
            }
          }
        }),
    )
    return await Promise.all(counts)
  })
  expect(rows.every((count) => count === 0)).toBe(true)
  const refused = await user.request('GET', `/api/sessions/${sessionId}`)
  expect(refused.status).toBe(401)
})
