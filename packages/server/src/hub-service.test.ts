import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Draft } from '@throughline/protocol'
import { openEmbedded } from '@throughline/log/embedded'
import { afterEach, expect, test } from 'vitest'
import { createTestClock, settle } from './testing/clock.ts'
import { startService, type TestService } from './testing/service.ts'

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean()
})

const answer = (id: string): Draft[] => [
  { type: 'user_message', data: { messageId: `u-${id}`, content: `Why ${id}?` } },
  { type: 'message_started', data: { messageId: id, role: 'assistant' } },
  ...Array.from({ length: 20 }, () => ({
    type: 'message_chunk',
    data: { messageId: id, content: 'so ', isComplete: false },
  })),
  { type: 'message_completed', data: { messageId: id, sessionId: 's1', finalContent: 'so '.repeat(20) } },
]

async function stored(hub: TestService, type: string): Promise<number> {
  const { events } = await hub.driver.read('s1', 'start')
  return events.filter((event) => event.type === type).length
}

test('R6 a service compacts and trims by its configuration, and whoever joins cold sees the whole window', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'throughline-'))
  cleanups.push(() => rm(directory, { recursive: true }))
  const clock = createTestClock()
  const options = {
    env: { COMPACT_AFTER_MS: '60000', RETAIN_EVENTS: '15' },
    now: clock.now,
    timers: clock.timers,
  }
  const first = await startService({ ...options, driver: await openEmbedded({ directory }) })
  await first.call('PUT', '/api/sessions/s1')
  for (let index = 0; index < 10; index += 1)
    await first.service.log.append('s1', answer(`a${String(index)}`))
  const whole = await first.service.hub.state('s1')
  expect(await stored(first, 'message_chunk')).toBe(200)
  for (let lap = 0; lap < 400 && (await stored(first, 'user_message')) > 5; lap += 1) {
    await clock.pass(1_000)
    await settle(2)
  }
  expect(await stored(first, 'message_chunk')).toBe(0)
  expect(await stored(first, 'user_message')).toBe(5)
  await first.close()

  const second = await startService({ ...options, driver: await openEmbedded({ directory }) })
  cleanups.push(() => second.close())
  expect((await second.service.hub.state('s1')).messages).toEqual(whole.messages)
})
