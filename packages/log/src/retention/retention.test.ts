import { afterEach, describe, expect, test } from 'vitest'
import { REDUCER_VERSION, serializeSnapshot, windowConversation } from '@throughline/protocol'
import { fold, join, readOn, shown } from './testing/readers.ts'
import { DRIVERS, chunksOf, offsetOf, openTidyLog, turn, type TidyLog } from './testing/tidy-log.ts'

let world: TidyLog
afterEach(async () => {
  expect(world.errors).toEqual([])
  await world.close()
})

const DAY_MS = 86_400_000
const offsets = async (): Promise<number[]> => (await world.stored()).map(offsetOf)
const afterDelay = async (): Promise<void> => {
  world.time += 1_000
  await world.retention.sweep()
}

describe.each(DRIVERS)('retention on the %s driver', (name) => {
  test('the chunks of a completed message go after the delay, and nothing else', async () => {
    world = await openTidyLog(name)
    await world.append(...turn('1', 40))
    await world.retention.sweep()
    expect(await world.stored()).toEqual(world.history)
    world.time += 999
    await world.retention.sweep()
    expect(await world.stored()).toHaveLength(world.history.length)
    world.time += 1
    await world.retention.sweep()
    const chunks = new Set(chunksOf(world.history, 'a-1'))
    expect(await offsets()).toEqual(world.history.map(offsetOf).filter((offset) => !chunks.has(offset)))
    expect(shown(await join(world.driver))).toEqual(shown(fold(world.history)))
  })

  test.each(['open', 'cancelled', 'failed', 'interrupted'] as const)(
    'a message that is %s keeps its chunks, between completed ones that lose theirs',
    async (end) => {
      world = await openTidyLog(name)
      await world.append(...turn('1', 9), ...turn('2', 9, end), ...turn('3', 9))
      await afterDelay()
      const left = await world.stored()
      expect(chunksOf(left, 'a-2')).toEqual(chunksOf(world.history, 'a-2'))
      expect([...chunksOf(left, 'a-1'), ...chunksOf(left, 'a-3')]).toEqual([])
      expect(shown(await join(world.driver))).toEqual(shown(fold(world.history)))
    },
  )

  test('what an earlier life of a message wrote stays: only the completed one has a whole text', async () => {
    world = await openTidyLog(name)
    const [, , , ...answer] = turn('1', 5, 'open')
    await world.append(...turn('1', 5, 'open'), ...answer)
    await world.append({
      type: 'message_completed',
      runId: 'r-1',
      data: { messageId: 'a-1', sessionId: 's', finalContent: 'whole' },
    })
    await afterDelay()
    expect(chunksOf(await world.stored(), 'a-1')).toEqual(chunksOf(world.history, 'a-1').slice(0, 5))
  })

  test('a session that was left alone after a restart is tidied all the same, and then no longer looked at', async () => {
    world = await openTidyLog(name)
    await world.append(...turn('1', 9))
    await world.restart()
    await afterDelay()
    expect(chunksOf(await world.stored(), 'a-1')).toEqual([])
    await world.append(...turn('2', 9))
    await afterDelay()
    await world.retention.sweep()
    expect(chunksOf(await world.stored(), 'a-2')).toEqual([])
    // Of its own list only the newest line is left, which cannot be removed.
    expect((await world.driver.read('__retention', 'start')).events).toHaveLength(1)
  })

  test('a stream keeps at least the newest events, in whole turns, and joins still show what was trimmed', async () => {
    world = await openTidyLog(name, { retainEvents: 20, compactAfterMs: 0 })
    for (let index = 0; index < 10; index += 1) await world.append(...turn(String(index), 3))
    await world.append(...turn('last', 30, 'open'))
    await world.retention.sweep()
    const left = await world.stored()
    // The open turn alone has 34 events.
    expect(left[0]).toMatchObject({ type: 'user_message', data: { messageId: 'u-last' } })
    expect(left).toEqual(world.history.slice(-34))
    expect(shown(await join(world.driver))).toEqual(shown(fold(world.history)))
    expect(await world.driver.loadSnapshot('s')).toBeDefined()
  })

  test('chunks that only wait to be compacted push no turn out', async () => {
    world = await openTidyLog(name, { retainEvents: 24 })
    for (let index = 0; index < 10; index += 1) await world.append(...turn(String(index), 30))
    await world.retention.sweep()
    // 36 events a turn, of which 6 will stay: the limit is 36 below what will be there.
    expect(await world.stored()).toEqual(world.history.slice(36))
    await afterDelay()
    expect(await world.stored()).toHaveLength(24)
  })

  test('a stream is trimmed by bytes, and never between a question and its answer', async () => {
    world = await openTidyLog(name, { retainBytes: 4_000, compactAfterMs: 0 })
    for (let index = 0; index < 10; index += 1) await world.append(...turn(String(index), 3))
    await world.retention.sweep()
    const left = await world.stored()
    const bytes = left.reduce((sum, event) => sum + JSON.stringify(event).length, 0)
    expect(left[0]?.type).toBe('user_message')
    expect(left.length).toBeLessThan(world.history.length)
    expect(bytes).toBeGreaterThanOrEqual(4_000)
    expect(bytes).toBeLessThan(4_000 + 9 * 250)
  })

  test('turns go when their age comes, without growth or restart, but for the newest', async () => {
    world = await openTidyLog(name, { retainMs: DAY_MS })
    await world.append(...turn('1', 3))
    world.time += DAY_MS / 2
    await world.append(...turn('2', 3), ...turn('3', 3))
    await world.retention.sweep()
    world.time += DAY_MS / 2 + 1
    await world.retention.sweep()
    const asked = async (): Promise<unknown[]> =>
      (await world.stored()).filter(({ type }) => type === 'user_message').map(({ data }) => data)
    expect(await asked()).toMatchObject([{ messageId: 'u-2' }, { messageId: 'u-3' }])
    world.time += DAY_MS
    await world.restart()
    await world.retention.sweep()
    expect(await asked()).toMatchObject([{ messageId: 'u-3' }])
    expect((await join(world.driver)).messages.map(({ id }) => id)).toEqual(['u-3', 'a-3'])
  })

  test('what is too old is gone from joins, too; what is only too much stays in sight', async () => {
    world = await openTidyLog(name, { retainMs: DAY_MS, retainEvents: 6 })
    await world.append(...turn('old', 3))
    world.time += DAY_MS / 2
    await world.append(...turn('much', 30), ...turn('new', 3))
    // The chunks go first; what is still too much then, goes in the next look.
    await afterDelay()
    await afterDelay()
    const contents = async (): Promise<string[]> => (await join(world.driver)).messages.map(({ id }) => id)
    const left = (await world.stored()).filter(({ type }) => type === 'user_message')
    expect(left.map(({ data }) => data)).toMatchObject([{ messageId: 'u-new' }])
    expect(await contents()).toEqual(['u-old', 'a-old', 'u-much', 'a-much', 'u-new', 'a-new'])
    const closed: string[] = []
    world.log.onHint((hint) => {
      if (hint.kind === 'closed') closed.push(hint.stream)
    })
    world.time += DAY_MS / 2
    await world.retention.sweep()
    expect(await contents()).toEqual(['u-much', 'a-much', 'u-new', 'a-new'])
    expect(closed).toEqual(['s'])
    expect((await world.driver.loadSnapshot('s'))?.state).not.toMatch(/[uar]-old|old\.0/)
    // A fold that was being stored meanwhile brings the old ones back, and the next lap takes them out again.
    const position = await world.driver.head('s')
    const state = serializeSnapshot({ ...fold(world.history), position })
    await world.driver.saveSnapshot('s', { position, reducerVersion: REDUCER_VERSION, state })
    await world.retention.sweep()
    expect(await contents()).toEqual(['u-much', 'a-much', 'u-new', 'a-new'])
  })

  test('a message that nobody will end is in the way for an hour, and then no longer', async () => {
    world = await openTidyLog(name, { retainEvents: 1 })
    const left = { type: 'message_started', data: { messageId: 'left', role: 'assistant' } } as const
    const word = {
      type: 'message_chunk',
      data: { messageId: 'left', content: 'So ', isComplete: false },
    } as const
    const late = {
      type: 'message_started',
      runId: 'r-1',
      data: { messageId: 'late', role: 'assistant' },
    } as const
    await world.append(...turn('1', 3, 'cancelled'), left, late, ...turn('2', 3), ...turn('3', 3))
    world.time += 3_000_000
    await world.append(word, ...turn('4', 3))
    const first = async (): Promise<number> => (await offsets())[0] ?? 0
    await afterDelay()
    await world.retention.sweep()
    expect(await first()).toBe(9)
    world.time += 700_000
    await world.retention.sweep()
    // The one that a run had begun was never heard of again; the other one was.
    expect(await first()).toBe(9)
    world.time += 3_000_000
    await world.retention.sweep()
    expect((await world.stored())[0]).toMatchObject({ data: { messageId: 'u-4' } })
    expect(shown(await join(world.driver))).toEqual(shown(fold(world.history)))
  })

  test('nothing is trimmed behind a running message, however much there is', async () => {
    world = await openTidyLog(name, { retainEvents: 1 })
    await world.append(...turn('1', 50, 'open'))
    await world.append(...turn('2', 3), ...turn('3', 3))
    await afterDelay()
    expect((await offsets())[0]).toBe(1)
    expect(chunksOf(await world.stored(), 'a-1')).toHaveLength(50)
  })

  test('offsets go on as before after everything that can go went', async () => {
    world = await openTidyLog(name, { retainEvents: 1 })
    await world.append(...turn('1', 9), ...turn('2', 9))
    await afterDelay()
    await world.append(...turn('3', 2))
    expect((await world.stored()).slice(-8).map(offsetOf)).toEqual(world.history.slice(-8).map(offsetOf))
  })

  test('R6 readers that page while the log is compacted and trimmed miss nothing, or reset', async () => {
    world = await openTidyLog(name, { retainEvents: 60 })
    for (let index = 0; index < 30; index += 1) await world.append(...turn(String(index), 20))
    const whole = shown(fold(world.history))
    world.time += 1_000
    const places = [0, 10, 60, 300, 700]
    const reading = places.map(async (place) => {
      try {
        return await readOn(world.driver, fold(world.history.slice(0, place)), 5)
      } catch (error) {
        expect(error).toMatchObject({ code: 'cursor_expired', reason: 'trimmed' })
        return await join(world.driver)
      }
    })
    await world.retention.sweep()
    for (const state of await Promise.all(reading)) expect(shown(state)).toEqual(whole)
    await expect(readOn(world.driver, fold(world.history.slice(0, 10)))).rejects.toMatchObject({
      reason: 'trimmed',
    })
    expect((await world.stored()).length).toBeLessThan(80)
  })

  test('a snapshot that cannot be read keeps what it would have covered', async () => {
    world = await openTidyLog(name, { retainEvents: 5 })
    await world.append(...turn('1', 3), ...turn('2', 3), ...turn('3', 3))
    const position = await world.driver.head('s')
    await world.driver.saveSnapshot('s', { position, reducerVersion: 99, state: '{}' })
    await world.retention.sweep()
    expect((await offsets())[0]).toBe(1)
  })

  test('close ends it after the step under way, and what is left is done after a restart', async () => {
    world = await openTidyLog(name)
    for (let index = 0; index < 20; index += 1) await world.append(...turn(String(index), 100))
    world.time += 1_000
    const sweeping = world.retention.sweep()
    await world.restart()
    await sweeping
    const chunks = async (): Promise<number> =>
      (await world.stored()).filter(({ type }) => type === 'message_chunk').length
    expect(await chunks()).toBeGreaterThan(0)
    await world.retention.sweep()
    expect(await chunks()).toBe(0)
  })
})

test('S1 what grows all the time is read about twice, however often the laps come', async () => {
  world = await openTidyLog('memory', { compactAfterMs: 600_000 })
  const { read } = world.driver
  let events = 0
  world.driver.read = async (stream, from, limit) => {
    const page = await read(stream, from, limit)
    if (stream === 's') events += page.events.length
    return page
  }
  for (let minute = 0; minute < 60; minute += 1) {
    await world.append(...turn(String(minute), 20))
    world.time += 60_000
    await world.retention.sweep()
  }
  expect(events).toBeGreaterThan(0)
  expect(events).toBeLessThan(4 * world.history.length)
  expect((await world.stored()).length).toBeLessThan(world.history.length / 2)
})

test('a window that holds fewer messages than were trimmed is what a join shows', async () => {
  world = await openTidyLog('memory', { retainEvents: 9 })
  for (let index = 0; index < 60; index += 1) await world.append(...turn(String(index), 1))
  await world.retention.sweep()
  const state = await join(world.driver)
  expect(state.messages.length).toBeGreaterThanOrEqual(50)
  expect(windowConversation(state)).toEqual(windowConversation(fold(world.history)))
})
