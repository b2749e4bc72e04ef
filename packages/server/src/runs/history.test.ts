import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEventLog, openEnvelope, type EventLog, type LogDriver } from '@throughline/log'
import { openEmbedded } from '@throughline/log/embedded'
import { createMemoryDriver } from '@throughline/log/memory'
import {
  initialConversation,
  reduceConversation,
  type Draft,
  type Envelope,
  type Message,
} from '@throughline/protocol'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { createHistory } from './history.ts'

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean()
})

const SESSION = {
  id: 's',
  userId: 'ada',
  title: '',
  renamed: false,
  archived: false,
  createdAt: 0,
  updatedAt: 0,
  deletedAt: null,
}

/** A log that tells how many events were read from it. */
async function openLog(driver: LogDriver): Promise<EventLog & { events: number }> {
  await driver.sessions.create(SESSION)
  const log = createEventLog({ driver })
  cleanups.push(
    () => driver.dispose(),
    () => log.close(),
  )
  const counted = {
    ...log,
    events: 0,
    async read(...args: Parameters<EventLog['read']>) {
      const page = await log.read(...args)
      counted.events += page.events.length
      return page
    },
  }
  return counted
}

async function openDisk(): Promise<EventLog & { events: number }> {
  const directory = await mkdtemp(join(tmpdir(), 'throughline-'))
  cleanups.push(() => rm(directory, { recursive: true }))
  return await openLog(await openEmbedded({ directory }))
}

const said = (messageId: string): Draft => ({ type: 'user_message', data: { messageId, content: messageId } })
const begun = (messageId: string): Draft => ({
  type: 'message_started',
  runId: `r-${messageId}`,
  data: { messageId, role: 'assistant' },
})
const chunk = (messageId: string, content = 'x'): Draft => ({
  type: 'message_chunk',
  data: { messageId, content, isComplete: false },
})
const done = (messageId: string): Draft => ({
  type: 'message_completed',
  data: { messageId, sessionId: 's', finalContent: `all of ${messageId}` },
})
const cut = (messageId: string): Draft => ({
  type: 'run_completed',
  runId: `r-${messageId}`,
  data: { runId: `r-${messageId}`, status: 'cancelled' },
})

/** Pages from the newest to the oldest, put together again. */
async function walk(log: EventLog, limit: number): Promise<Message[]> {
  const history = createHistory({ log })
  const all: Message[] = []
  for (let before: number | undefined = Number.MAX_SAFE_INTEGER; before !== undefined;) {
    const page = await history.before('s', before, limit)
    expect(page.messages.length).toBeLessThanOrEqual(limit)
    all.unshift(...page.messages)
    before = page.before
  }
  return all
}

async function wholeFold(log: EventLog): Promise<readonly Message[]> {
  const events: Envelope[] = []
  let page = await log.read('s', 'start')
  while (page.events.length > 0) {
    events.push(...page.events.map((event) => openEnvelope(event, page.epoch)))
    page = await log.read('s', { epoch: page.epoch, offset: page.events.at(-1)?.offset ?? 0 })
  }
  return reduceConversation(initialConversation('s'), events).messages
}

describe('older messages', () => {
  test('are the same as in a fold of everything, whatever was written and however they are paged', async () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd')
    const step = fc.oneof(
      fc.record({ kind: fc.constantFrom('said', 'begun', 'chunk', 'done', 'cut'), name }),
      fc.record({ kind: fc.constant('turns'), name: fc.constantFrom('5', '20', '40') }),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 40 }),
        fc.integer({ min: 1, max: 40 }),
        async (steps, limit) => {
          const driver = createMemoryDriver()
          const log = await openLog(driver)
          let turns = 0
          const make: Record<string, (id: string) => Draft[]> = {
            said: (id) => [said(id)],
            begun: (id) => [begun(id)],
            chunk: (id) => [chunk(id)],
            done: (id) => [done(id)],
            cut: (id) => [cut(id)],
            turns: (count) =>
              Array.from({ length: Number(count) }, () => `m${String(++turns)}`).flatMap((id) => [
                begun(id),
                chunk(id),
                done(id),
              ]),
          }
          for (const { kind, name: id } of steps) await log.append('s', make[kind]!(id))
          const whole = await wholeFold(log)
          expect(await walk(log, limit)).toEqual(whole)
          const history = createHistory({ log })
          const some = whole[Math.floor(whole.length / 2)]
          if (some !== undefined) expect(await history.find('s', some.id)).toEqual(some)
          expect(await history.find('s', 'nobody')).toBeUndefined()
        },
      ),
      { numRuns: 100 },
    )
  })

  test('R8 of 100,000 events only what a page needs is read, the first time, too', async () => {
    const log = await openDisk()
    for (let turn = 0; turn < 1_000; turn += 1) {
      const [asked, answer] = [`u${String(turn)}`, `a${String(turn)}`]
      const chunks = Array.from({ length: 97 }, () => chunk(answer, 'some words of an answer '))
      await log.append('s', [said(asked), begun(answer), ...chunks, done(answer)])
    }
    const history = createHistory({ log })
    log.events = 0
    const first = await history.before('s', 90_000, 50)
    expect(first.messages).toHaveLength(50)
    // 25 turns of 100 events are looked for in blocks of 512, 1,024 and 2,048, and folded in pages of 1,000.
    expect(log.events).toBeLessThan(3_584 + 2_500 + 1_000)
    log.events = 0
    const second = await history.before('s', first.before!, 50)
    expect(second.messages.at(-1)!.offset).toBeLessThan(first.messages[0]!.offset)
    expect(log.events).toBeLessThan(3_584 + 2_500 + 1_000)
    log.events = 0
    expect(await history.find('s', 'a850')).toMatchObject({ content: 'all of a850', status: 'complete' })
    expect(log.events).toBeLessThan(30_000)
  })

  test('grow with the session', async () => {
    const log = await openDisk()
    const history = createHistory({ log })
    for (let index = 0; index < 100; index += 1) {
      await log.append('s', [said(`m${String(index)}`)])
      const { messages } = await history.before('s', Number.MAX_SAFE_INTEGER, 3)
      expect(messages.at(-1)?.id).toBe(`m${String(index)}`)
    }
  })

  test('R6 begin where a trim left them, also for whoever had paged before it', async () => {
    const log = await openDisk()
    for (let index = 0; index < 200; index += 1) await log.append('s', [said(`m${String(index)}`)])
    const history = createHistory({ log })
    expect((await history.before('s', 60, 50)).messages).toHaveLength(50)
    await log.driver.trim('s', 41)
    const { messages, before } = await history.before('s', 60, 50)
    expect([messages[0]?.id, messages.length, before]).toEqual(['m40', 19, undefined])
    expect(await history.find('s', 'm3')).toBeUndefined()
    expect(await history.find('s', 'm40')).toMatchObject({ id: 'm40' })
  })

  test('an answer that never ended costs no message of its page', async () => {
    const log = await openDisk()
    await log.append('s', [said('u'), begun('stuck'), chunk('stuck')])
    for (let index = 0; index < 3_000; index += 500) {
      const some = Array.from({ length: 500 }, (_, at) => said(`m${String(index + at)}`))
      await log.append('s', some)
    }
    const stuck = (await wholeFold(log)).filter(({ status }) => status === 'streaming')
    for (const newest of [undefined, () => Promise.resolve(stuck)]) {
      log.events = 0
      const { messages } = await createHistory({ log, ...(newest && { newest }) }).before('s', 4, 50)
      expect(messages.map(({ id, status }) => [id, status])).toEqual([
        ['u', 'complete'],
        ['stuck', 'streaming'],
      ])
      if (newest !== undefined) expect(log.events).toBeLessThan(2_100)
    }
  })

  test('of a session that is not there are not found, and then again', async () => {
    const history = createHistory({ log: await openDisk() })
    for (let time = 0; time < 2; time += 1) {
      await expect(history.before('none', 9, 9)).rejects.toMatchObject({ code: 'not_found' })
    }
  })
})
