import { createEventLog, openEnvelope, type Backplane, type EventLog, type Hint } from '@throughline/log'
import { createMemoryDriver } from '@throughline/log/memory'
import {
  initialConversation,
  reduceConversation,
  windowConversation,
  type ConversationState,
  type Position,
} from '@throughline/protocol'
import { createHub } from '../hub.ts'
import { createManualTimers } from './manual-timers.ts'
import { createRandom } from './random.ts'
import { SimulatedReader } from './simulated-reader.ts'
import { createWriter } from './simulated-writer.ts'

export interface SimulationOptions {
  readonly seed: number
  readonly steps: number
  /** Compaction and trimming too. Without them every reader's fold is compared with the server's. */
  readonly loses: boolean
  /** Whether streams are looked at without a hint. Without polls no hint is lost, and nothing else may heal. */
  readonly polls: boolean
}

/**
 * One hub, two streams, several readers, and a scheduler that decides in which order everything happens: appends,
 * answers of the log, hints (lost, doubled, reordered), blocked sinks and drains, readers who leave and come back
 * with their cursor, time. Throws at the first gap, duplicate or untruth that a reader sees.
 */
export async function simulate({ seed, steps, loses, polls }: SimulationOptions): Promise<void> {
  const random = createRandom(seed)
  const below = (count: number): number => Math.floor(random() * count)
  const chance = (share: number): boolean => random() < share
  const timers = createManualTimers()
  const errors: unknown[] = []
  const streams = ['a', 'b']
  const driver = createMemoryDriver()

  const hints: Hint[] = []
  let deliver: (hint: Hint) => void = () => undefined
  const backplane: Backplane = {
    name: 'unreliable',
    publish: (hint) => void hints.push(hint),
    subscribe: (listener) => {
      deliver = listener
      return () => undefined
    },
    close: () => Promise.resolve(),
  }
  const log = createEventLog({ driver, backplane })

  // What the hub asks of the log waits until the scheduler lets it happen, and once more until it is answered.
  const waiting: (() => void)[] = []
  const turn = (): Promise<void> => new Promise((resolve) => waiting.push(resolve))
  const delayed = async <T>(work: () => Promise<T>): Promise<T> => {
    await turn()
    try {
      return await work()
    } finally {
      await turn()
    }
  }
  const slowLog: EventLog = {
    ...log,
    head: (stream) => delayed(() => log.head(stream)),
    read: (stream, from) => delayed(() => log.read(stream, from, { maxEvents: 1 + below(4) })),
  }
  const hub = createHub({
    log: slowLog,
    timers,
    random,
    now: () => timers.monotonic(),
    coalesceMs: chance(0.5) ? 0 : 16,
    ringBytes: chance(0.5) ? 1_024 : 8_192,
    ringTotalBytes: chance(0.5) ? 4_096 : 65_536,
    blockedMs: 1e9,
    lifetimeMs: 1e9,
    ...(!polls && { pollMs: 1e9 }),
    onError: (error) => errors.push(error),
  })
  for (const id of streams) {
    await driver.sessions.create({
      id,
      userId: 'ada',
      title: '',
      renamed: false,
      archived: false,
      createdAt: 0,
      updatedAt: 0,
      deletedAt: null,
    })
  }

  const clients = Array.from({ length: 4 }, () => new SimulatedReader(hub, streams))
  const writer = createWriter(below)
  const append = async (): Promise<void> => {
    const stream = streams[below(2)] ?? 'a'
    await log.append(
      stream,
      Array.from({ length: 1 + below(3) }, () => writer(stream)),
    )
  }
  const lose = async (): Promise<void> => {
    const stream = streams[below(2)] ?? 'a'
    const { offset } = await log.head(stream)
    if (offset < 3) return
    if (chance(0.3)) await driver.trim(stream, 1 + below(offset))
    else await driver.compact(stream, [...new Set([1 + below(offset - 1), 1 + below(offset - 1)])])
  }

  const actions: (readonly [share: number, act: () => void | Promise<void>])[] = [
    [6, append],
    [10, () => waiting.splice(below(waiting.length), 1)[0]?.()],
    [
      6,
      () => {
        const hint = hints[below(hints.length)]
        if (hint === undefined) return
        if (!chance(0.2)) hints.splice(hints.indexOf(hint), 1)
        if (!polls || !chance(0.2)) deliver(hint)
      },
    ],
    [4, () => clients[below(4)]?.blockOrDrain(1 + below(4))],
    [2, () => clients[below(4)]?.leaveOrJoin(random)],
    [1, () => timers.advance(below(40))],
    [0.3, () => timers.advance(16_000)],
    [loses ? 0.5 : 0, lose],
  ]
  const total = actions.reduce((sum, [share]) => sum + share, 0)
  for (let step = 0; step < steps; step++) {
    let at = random() * total
    await actions.find(([share]) => (at -= share) < 0)?.[1]()
    await microtasks()
    for (const client of clients) client.check()
  }

  // Everything that was held up happens, and the poll finds what no hint told.
  if (!polls) for (const hint of hints.splice(0)) deliver(hint)
  for (const client of clients) client.settle()
  for (let round = 0; round < 300; round++) {
    if (round % 20 === 0) timers.advance(6_000)
    for (const answer of waiting.splice(0)) answer()
    await microtasks()
    for (const client of clients) client.check()
  }
  if (errors.length > 0) throw errors[0]
  for (const stream of streams) {
    const head = await log.head(stream)
    const whole = loses ? undefined : await foldWhole(log, stream)
    for (const client of clients) client.expectAt(stream, head, whole)
  }
  await hub.drain(0)
}

async function foldWhole(log: EventLog, stream: string): Promise<ConversationState> {
  let state = initialConversation(stream)
  for (let from: Position | 'start' = 'start'; ;) {
    const page = await log.read(stream, from)
    const last = page.events[page.events.length - 1]
    if (last === undefined) return windowConversation(state)
    state = reduceConversation(
      state,
      page.events.map((event) => openEnvelope(event, page.epoch)),
    )
    from = { epoch: page.epoch, offset: last.offset }
  }
}

async function microtasks(): Promise<void> {
  for (let i = 0; i < 24; i++) await Promise.resolve()
}
