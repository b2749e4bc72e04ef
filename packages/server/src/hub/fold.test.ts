import { REDUCER_VERSION, serializeSnapshot } from '@throughline/protocol'
import { expect, it, vi } from 'vitest'
import { createHub } from './create-hub.ts'
import { SNAPSHOT_EVENTS } from './fold.ts'
import { createHubWorld } from './testing/hub-world.ts'

it('R6 a state folded before a trim goes on from the stored snapshot, and keeps its title and its window', async () => {
  const { driver, log, hub, timers, createSession } = createHubWorld()
  await createSession('a')
  const ask = async (from: number, to: number): Promise<void> => {
    for (let n = from; n < to; n++) {
      const data = { messageId: `m${String(n)}`, content: `Question ${String(n)}` }
      await log.append('a', [{ type: 'user_message', data }])
    }
  }
  await ask(0, 70)
  await hub.state('a')
  await ask(70, 130)

  const cold = createHub({ log, timers })
  const whole = await cold.state('a')
  await driver.saveSnapshot('a', {
    position: await log.head('a'),
    reducerVersion: REDUCER_VERSION,
    state: serializeSnapshot(whole),
  })
  await driver.trim('a', 120)
  await ask(130, 135)

  const warm = await hub.state('a')
  expect(warm.title).toBe('Question 0')
  expect(warm.messages.length).toBeGreaterThanOrEqual(50)
  expect(warm).toEqual(await cold.state('a'))
  await cold.drain(0)
  await hub.drain(0)
})

it('of two nodes that fold the same stream one stores what it came to', async () => {
  const { driver, log, hub, timers, createSession } = createHubWorld()
  await createSession('a')
  const saved = vi.spyOn(driver, 'saveSnapshot')
  const other = createHub({ log, timers })
  await Promise.all([hub.state('a'), other.state('a')])
  const data = { messageId: 'm', content: 'x', isComplete: false }
  for (let n = 0; n < SNAPSHOT_EVENTS + 10; n++) await log.append('a', [{ type: 'message_chunk', data }])
  await hub.state('a')
  const { position } = (await driver.loadSnapshot('a')) ?? {}
  await log.append('a', [{ type: 'message_chunk', data }])
  await other.state('a')
  expect(saved).toHaveBeenCalledTimes(2)
  expect((await driver.loadSnapshot('a'))?.position).toEqual(position)
  await other.drain(0)
  await hub.drain(0)
})
