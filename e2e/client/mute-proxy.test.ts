import { afterAll, beforeAll, expect, test } from 'vitest'
import { startMuteProxy, type MuteProxy } from '../harness/mute-proxy.ts'
import { createClientWorld, shownText, type ClientWorld } from './world.ts'

let world: ClientWorld
let proxy: MuteProxy

beforeAll(async () => {
  world = await createClientWorld({}, { through: startProxy })
})

async function startProxy(url: string): Promise<string> {
  proxy = await startMuteProxy(url)
  return proxy.url
}

afterAll(async () => {
  await world?.close()
  await proxy?.close()
})

const cursorOf = (path: string | undefined): string | null =>
  new URL(path ?? '/', 'http://any').searchParams.get('after')

test('P9 behind a proxy that goes mute in mid-answer, long-polling takes over at the same cursor, and gives it back', async () => {
  const { page, askAndRead, expectWhole } = await world.person((fresh) => fresh.clock.install())
  const sessionId = await askAndRead()
  proxy.mute(true)
  proxy.cutStreams()
  const polls = () => proxy.asked.filter((path) => path.startsWith(`/api/sessions/${sessionId}/updates`))
  await expect
    .poll(
      async () => {
        // Each silence is 25 s; nobody waits for it.
        await page.clock.fastForward('00:30')
        return polls().length
      },
      { timeout: 60_000, interval: 500 },
    )
    .toBeGreaterThan(0)
  const mutedAt = proxy.asked.findLastIndex((path) => path.startsWith('/api/sse'))
  expect(cursorOf(polls()[0])).toBe(cursorOf(proxy.asked[mutedAt]))
  expect(cursorOf(polls()[0])).toMatch(/^[a-z0-9]+-\d+$/)
  const before = (await shownText(page)).length
  await expect.poll(async () => (await shownText(page)).length).toBeGreaterThan(before)
  await expect.poll(() => page.getByTestId('connection-banner').getAttribute('data-trouble')).toBe('polling')
  await expectWhole(sessionId)

  proxy.mute(false)
  const streams = (): number => proxy.asked.filter((path) => path.startsWith('/api/sse')).length
  const tried = streams()
  await page.clock.fastForward('05:30')
  await expect.poll(streams).toBeGreaterThan(tried)
  await expect.poll(() => page.getByTestId('connection-banner').count()).toBe(0)
})
