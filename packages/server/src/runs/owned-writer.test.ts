import { StreamError, type Draft } from '@throughline/protocol'
import { beforeEach, describe, expect, test } from 'vitest'
import { createTestClock, settle, type TestClock } from '../testing/clock.ts'
import { createScriptedPort, type ScriptedPort } from '../testing/scripted-port.ts'
import { createOwnedWriter, type OwnedWriter } from './owned-writer.ts'
import { dig } from '../testing/dig.ts'

const TTL = 15_000
let clock: TestClock
let port: ScriptedPort
let writer: OwnedWriter

beforeEach(() => {
  clock = createTestClock()
  port = createScriptedPort()
  writer = createOwnedWriter({
    runId: 'r',
    fence: 3,
    port,
    ttlMs: TTL,
    timers: clock.timers,
    random: () => 0.5,
  })
})

const note = (n: number): Draft => ({ type: 'note', data: n })
const data = (drafts: readonly Draft[]) =>
  drafts.map((draft) => (draft.type === 'note' ? draft.data : draft.type))
const range = (count: number) => Array.from({ length: count }, (_, i) => i + 1)

describe('writing', () => {
  test('resolves to the place of each event, in the order of the calls, and names the run', async () => {
    const places = await Promise.all(range(5).map((n) => writer.write(note(n))))
    expect(places.map(({ offset }) => offset)).toEqual([1, 2, 3, 4, 5])
    expect(port.log[0]).toEqual({ type: 'note', data: 1, runId: 'r' })
    expect((await writer.write(note(6))).offset).toBe(6)
  })

  test('groups what comes while an append is under way, in bounded groups', async () => {
    await Promise.all(range(450).map((n) => writer.write(note(n))))
    expect(port.batches.map(({ drafts }) => drafts.length)).toEqual([200, 200, 50])
    expect(data(port.log)).toEqual(range(450))
    const large = { type: 'note', data: 'x'.repeat(200_000) }
    await Promise.all([writer.write(large), writer.write(large), writer.write(note(1))])
    expect(port.batches.slice(3).map(({ drafts }) => drafts.length)).toEqual([1, 2])
  })

  test('L7 sends again what was not answered, and it is there once', async () => {
    port.script = ['down', 'lost', 'down']
    const writing = Promise.all(range(3).map((n) => writer.write(note(n))))
    for (let step = 0; step < 10; step++) await clock.pass(500)
    expect((await writing).map(({ offset }) => offset)).toEqual([1, 2, 3])
    expect(data(port.log)).toEqual([1, 2, 3])
    expect(new Set(port.batches.map(({ seq }) => seq))).toEqual(new Set([1]))
  })

  test('waits as long as it was told before it sends again', async () => {
    const append = port.append
    let first = true
    port.append = (batch) => {
      if (!first) return append(batch)
      first = false
      return Promise.reject(new StreamError('rate_limited', 'busy', { retryAfterMs: 3_000 }))
    }
    const writing = writer.write(note(1))
    await settle()
    await clock.pass(2_999)
    expect(port.batches).toHaveLength(0)
    await clock.pass(1)
    expect((await writing).offset).toBe(1)
  })

  test('an event that is refused fails alone: the next takes its number', async () => {
    port.script = ['refused']
    await expect(writer.write(note(1))).rejects.toMatchObject({ code: 'invalid_request' })
    expect((await writer.write(note(2))).offset).toBe(1)
    expect(port.batches.map(({ seq }) => seq)).toEqual([1, 1])
    expect(writer.signal.aborted).toBe(false)
  })

  test('more than can be held is refused, and what is held is still written', async () => {
    port.script = ['hang']
    const large = { type: 'note', data: 'x'.repeat(1_000_000) }
    const writes = range(12).map(() => writer.write(large))
    const outcomes = await Promise.all(
      writes.map((write) =>
        Promise.race([
          write.then(
            () => 'ok',
            (error: unknown) => dig(error, 'code'),
          ),
          settle().then(() => 'held'),
        ]),
      ),
    )
    expect(outcomes.filter((outcome) => outcome === 'rate_limited').length).toBeGreaterThan(0)
    expect(outcomes[0]).toBe('held')
    for (const write of writes) write.catch(() => undefined)
  })
})

describe('the lease', () => {
  test('is renewed every third of its life while nothing is written, and by each append', async () => {
    await clock.pass(5_000)
    expect(port.renewals).toBe(1)
    await clock.pass(5_000)
    expect(port.renewals).toBe(2)
    await clock.pass(4_000)
    await writer.write(note(1))
    await clock.pass(1_000)
    expect(port.renewals).toBe(2)
    for (let round = 0; round < 20; round++) await clock.pass(5_000)
    expect(writer.signal.aborted).toBe(false)
  })

  test('L3 whose renewals fail is given up before anybody else can have it, and not earlier', async () => {
    port.renewal = 'down'
    for (let second = 0; second < 14; second++) await clock.pass(1_000)
    await clock.pass(999)
    expect(writer.signal.aborted).toBe(false)
    await clock.pass(1)
    expect(writer.signal.reason).toMatchObject({ code: 'conflict' })
    await expect(writer.write(note(1))).rejects.toMatchObject({ code: 'conflict' })
    expect(port.batches).toEqual([])
    await writer.done
  })

  test('L3 whose renewal is never answered runs out all the same', async () => {
    port.renewal = 'hang'
    await clock.pass(TTL)
    expect(writer.signal.aborted).toBe(true)
    expect(clock.timers.pending).toBe(0)
  })

  test('L3 counts from when its renewal was sent, not from the answer', async () => {
    let answer: () => void = () => undefined
    port.renew = () => new Promise((resolve) => (answer = resolve))
    for (let second = 0; second < 14; second++) await clock.pass(1_000)
    answer()
    await settle()
    for (let second = 14; second < 19; second++) await clock.pass(1_000)
    await clock.pass(999)
    expect(writer.signal.aborted).toBe(false)
    await clock.pass(1)
    expect(writer.signal.aborted).toBe(true)
  })

  test('L3 survives failures in between', async () => {
    port.renewal = 'down'
    for (let second = 0; second < 12; second++) await clock.pass(1_000)
    expect(port.renewals).toBeGreaterThan(3)
    port.renewal = 'ok'
    for (let second = 0; second < 60; second++) await clock.pass(1_000)
    expect(writer.signal.aborted).toBe(false)
  })

  test('L2 that another owner has is noticed at the renewal, at an append, and in the log', async () => {
    port.renewal = 'over'
    await clock.pass(5_000)
    expect(writer.signal.aborted).toBe(true)

    const second = createScriptedPort()
    const appending = createOwnedWriter({
      runId: 'r',
      fence: 1,
      port: second,
      ttlMs: TTL,
      timers: clock.timers,
    })
    second.script = ['over']
    await expect(appending.write(note(1))).rejects.toMatchObject({ code: 'conflict' })
    expect(appending.signal.aborted).toBe(true)

    const third = createScriptedPort()
    const watching = createOwnedWriter({
      runId: 'r',
      fence: 1,
      port: third,
      ttlMs: TTL,
      timers: clock.timers,
    })
    third.tell({ type: 'run_started', data: { runId: 'r', attempt: 1, kind: 'message' } })
    expect(watching.signal.aborted).toBe(false)
    third.tell({ type: 'run_started', data: { runId: 'r', attempt: 2, kind: 'message' } })
    expect(watching.signal.aborted).toBe(true)
  })

  test('L7 that runs out while an append is not answered ends the writing', async () => {
    port.script = Array.from({ length: 100 }, () => 'down' as const)
    port.renewal = 'down'
    const writing = writer.write(note(1))
    writing.catch(() => undefined)
    for (let second = 0; second < 15; second++) await clock.pass(1_000)
    expect(writer.signal.aborted).toBe(true)
    for (let second = 0; second < 3; second++) await clock.pass(1_000)
    await expect(writing).rejects.toBeInstanceOf(StreamError)
    expect(clock.timers.pending).toBe(0)
  })
})

describe('the end', () => {
  test('comes after everything written before it, once, and is durable when it resolves', async () => {
    const writing = Promise.all(range(250).map((n) => writer.write(note(n))))
    await Promise.all([writer.complete({ model: 'm' }), writer.complete(), writer.fail(new Error('late'))])
    await writing
    expect(data(port.log)).toEqual([...range(250), 'run_completed'])
    expect(port.log.at(-1)?.data).toEqual({ runId: 'r', status: 'completed', usage: { model: 'm' } })
    expect(port.batches.map(({ end }) => end)).toEqual([false, true])
    await expect(writer.write(note(1))).rejects.toMatchObject({ code: 'conflict' })
    await writer.done
    expect([clock.timers.pending, port.following?.aborted, writer.signal.aborted]).toEqual([0, true, false])
  })

  test('L6 whose answer was lost is sent again under its number', async () => {
    port.script = ['lost']
    const ending = writer.complete()
    await settle()
    await clock.pass(1_000)
    await ending
    expect(data(port.log)).toEqual(['run_completed'])
    expect(port.batches).toHaveLength(2)
  })

  test('L5 that somebody else wrote first stands', async () => {
    port.script = ['over']
    await writer.complete()
    expect(port.log).toEqual([])
    await writer.fail(new Error('late'))
  })

  test('L5 that one sees coming back while it is being written is one’s own', async () => {
    const append = port.append
    port.append = async (batch) => {
      const place = await append(batch)
      port.tell({ type: 'run_completed', data: { runId: 'r', status: 'completed' } })
      return place
    }
    await writer.complete()
    expect(writer.signal.aborted).toBe(false)
  })

  test('of a failure says what a person may know', async () => {
    await writer.fail(new StreamError('rate_limited', 'The model is busy.', { retryAfterMs: 5_000 }))
    expect(port.log.map((draft) => draft.data)).toEqual([
      { code: 'rate_limited', message: 'The model is busy.', retryable: true, retryAfterMs: 5_000 },
      { runId: 'r', status: 'failed' },
    ])
    const second = createScriptedPort()
    const other = createOwnedWriter({ runId: 'r', fence: 1, port: second, ttlMs: TTL, timers: clock.timers })
    await other.fail(new Error('password is hunter2'))
    expect(JSON.stringify(second.log)).not.toContain('hunter2')
    expect(second.log[0]?.data).toMatchObject({ code: 'server_error', retryable: true })
  })

  test('that cannot be written is said so, and left to the lease', async () => {
    port.script = Array.from({ length: 100 }, () => 'down' as const)
    port.renewal = 'down'
    const ending = writer.complete()
    ending.catch(() => undefined)
    for (let second = 0; second < 20; second++) await clock.pass(1_000)
    await expect(ending).rejects.toMatchObject({ code: 'network_error' })
    await writer.done
  })

  test('by somebody else aborts, whatever is under way', async () => {
    port.script = ['hang']
    const writing = writer.write(note(1))
    writing.catch(() => undefined)
    const waiting = writer.write(note(2))
    await settle()
    const queued = writer.write(note(3))
    port.tell({ type: 'run_completed', data: { runId: 'other', status: 'cancelled' }, runId: 'other' })
    expect(writer.signal.aborted).toBe(false)
    port.tell({ type: 'run_completed', data: { runId: 'r', status: 'cancelled' } })
    expect(writer.signal.aborted).toBe(true)
    waiting.catch(() => undefined)
    await expect(queued).rejects.toMatchObject({ code: 'conflict' })
  })
})

describe('inputs', () => {
  test('come in order, those from before one listens too, and end with the run', async () => {
    const resolved = (n: number) => ({
      type: 'input_resolved',
      data: { inputId: `i${String(n)}`, kind: 'steer', decision: 'steer', value: n },
    })
    port.tell(resolved(1))
    port.tell({ ...resolved(9), runId: 'other' })
    port.tell({ ...resolved(8), data: { nonsense: true } })
    const got: unknown[] = []
    const reading = (async () => {
      for await (const input of writer.inputs()) got.push(input.value)
    })()
    await settle()
    port.tell(resolved(2))
    await settle()
    expect(got).toEqual([1, 2])
    await writer.complete()
    await reading
  })

  test('ephemeral events name the run and stop with it', async () => {
    writer.ephemeral({ type: 'typing_indicator', data: { isTyping: true } })
    await writer.complete()
    writer.ephemeral({ type: 'typing_indicator', data: { isTyping: false } })
    expect(port.signals).toEqual([{ runId: 'r', type: 'typing_indicator', data: { isTyping: true } }])
  })
})

describe('giving up', () => {
  test('before anything was written puts the run back', async () => {
    await writer.abandon()
    expect([port.released, port.log, writer.signal.aborted]).toEqual([true, [], true])
  })

  test('later ends it as interrupted, behind what was under way', async () => {
    const writing = writer.write(note(1))
    await settle(1)
    await writer.abandon()
    await writing
    expect(data(port.log)).toEqual([1, 'run_completed'])
    expect(port.log.at(-1)?.data).toMatchObject({ status: 'interrupted' })
    expect(port.released).toBe(false)
    await writer.complete()
    expect(port.log).toHaveLength(2)
  })

  test('of a run that has ended does nothing', async () => {
    await writer.complete()
    await writer.abandon()
    expect([port.released, port.log.length]).toEqual([false, 1])
  })

  test.each([
    ['did not arrive leaves it to the lease', 'down', []],
    ['arrived ends it as interrupted', 'lost', [1, 'run_completed']],
  ] as const)('without knowing whether the last group arrived: one that %s', async (_, step, log) => {
    port.script = [step]
    const writing = writer.write(note(1))
    writing.catch(() => undefined)
    await settle()
    const giving = writer.abandon()
    await clock.pass(1_000)
    await giving
    expect([port.released, data(port.log)]).toEqual([false, log])
  })
})
