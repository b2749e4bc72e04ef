import { deepStrictEqual, strictEqual } from 'node:assert/strict'
import { setTimeout as wait } from 'node:timers/promises'
import { parseCursor, type Envelope } from '@throughline/protocol'
import type { FaultHub } from './fault-hub.ts'
import { follow, type FollowOptions, type Follower } from './follower.ts'
import { expectExact } from './oracle.ts'
import { epochOf, readLog } from './session-log.ts'
import { createProducer, messageEvents, randomPieces, type Producer } from './producer.ts'
import type { Random } from './random.ts'

export interface LoadOptions extends FollowOptions {
  readonly random: Random
  readonly sessions: number
  /** Of each session; they write messages of their own at the same time. */
  readonly producers: number
  /** Of each session. */
  readonly readers: number
  /** Where producers send. Default: straight to the hub. */
  readonly producerUrl?: string
  /** About how long a producer rests after each batch. Default 0. */
  readonly pauseMs?: number
}

/** Producers that never stop and readers that never leave, whatever happens to the hub between them. */
export interface Load {
  readonly readers: readonly Follower[]
  /** Resolves after so many more acknowledgements. @throws what a producer was refused with */
  acknowledges(count: number): Promise<void>
  /** Lets each producer end its message. */
  stop(): Promise<{ readonly batches: number; readonly repeats: number }>
  /** Every event sent is in the log once, where its acknowledgement said, and every reader has the log. */
  expectExact(): Promise<void>
}

interface Lane {
  readonly sessionId: string
  readonly epoch: string
  readonly producers: readonly Producer[]
  readonly readers: readonly Follower[]
}

export async function startLoad(
  world: Pick<FaultHub, 'backend' | 'session'>,
  options: LoadOptions,
): Promise<Load> {
  const { random, producerUrl, pauseMs = 0 } = options
  const { backend } = world
  const to = producerUrl === undefined ? {} : { url: producerUrl }
  const lanes = await Promise.all(
    numbers(options.sessions).map(async (): Promise<Lane> => {
      const sessionId = await world.session()
      return {
        sessionId,
        epoch: await epochOf(backend, sessionId),
        producers: numbers(options.producers).map((n) =>
          createProducer(backend, sessionId, { id: `p${n}`, ...to }),
        ),
        readers: await Promise.all(numbers(options.readers).map(() => follow(backend, sessionId, options))),
      }
    }),
  )
  let stopping = false
  let acknowledged = 0
  const waiting = new Set<() => void>()

  const write = async ({ sessionId }: Lane, producer: Producer): Promise<void> => {
    for (let message = 1; !stopping; message += 1) {
      const pieces = randomPieces(random, random.between(1, 12))
      const events = messageEvents(sessionId, `${producer.id}_${message}`, pieces).map((event) => ({
        ...event,
        agentId: producer.id,
      }))
      for (let at = 0; at < events.length;) {
        const size = random.between(1, 4)
        await producer.publish(events.slice(at, at + size))
        at += size
        acknowledged += 1
        for (const wake of waiting) wake()
        if (pauseMs > 0 && !stopping) await wait(pauseMs * 2 * random.next())
      }
    }
  }
  const writing = Promise.all(
    lanes.flatMap((lane) => lane.producers.map((producer) => write(lane, producer))),
  )
  writing.catch(() => undefined)
  const readers = lanes.flatMap((lane) => lane.readers)
  const producers = lanes.flatMap((lane) => lane.producers)

  return {
    readers,
    async acknowledges(count) {
      const wanted = acknowledged + count
      let wake: () => void = () => undefined
      const reached = new Promise<void>((resolve) => {
        wake = () => {
          if (acknowledged >= wanted) resolve()
        }
      })
      waiting.add(wake)
      await Promise.race([reached, writing])
      waiting.delete(wake)
    },
    async stop() {
      stopping = true
      await writing
      return {
        batches: producers.reduce((sum, producer) => sum + producer.acknowledged.length, 0),
        repeats: producers.reduce((sum, producer) => sum + producer.repeats, 0),
      }
    },
    async expectExact() {
      for (const lane of lanes) {
        const log = await readLog(backend, lane.sessionId)
        strictEqual(await epochOf(backend, lane.sessionId), lane.epoch, 'the epoch of what was never lost')
        deepStrictEqual(
          log.map(({ id }) => id),
          log.map((_, index) => `${lane.epoch}-${index + 1}`),
        )
        for (const producer of lane.producers) expectSent(log, producer)
        await Promise.all(lane.readers.map((reader) => expectExact(backend, reader)))
        for (const reader of lane.readers) {
          deepStrictEqual(reader.resets, [])
          for (const message of reader.state.messages) strictEqual(message.integrity, 'complete')
        }
      }
    },
  }
}

function expectSent(log: readonly Envelope[], producer: Producer): void {
  const sent = producer.acknowledged.flatMap(({ events }) => events)
  const found = log.filter(({ agentId }) => agentId === producer.id)
  deepStrictEqual(
    found.map(({ type, data }) => ({ type, data })),
    sent.map(({ type, data }) => ({ type, data })),
  )
  for (const { cursor, events } of producer.acknowledged) {
    const last = log[(parseCursor(cursor)?.offset ?? 0) - 1]
    deepStrictEqual(last?.data, events.at(-1)?.data, `${producer.id} was told ${cursor}`)
  }
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1)
}
