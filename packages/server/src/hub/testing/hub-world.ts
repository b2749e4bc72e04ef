import {
  createEventLog,
  createLocalBackplane,
  type Backplane,
  type EventLog,
  type LogDriver,
} from '@throughline/log'
import { createMemoryDriver } from '@throughline/log/memory'
import type { Draft } from '@throughline/protocol'
import { createHub, type Hub, type HubOptions, type SubscribeOptions, type Subscriber } from '../hub.ts'
import { createManualTimers, type ManualTimers } from './manual-timers.ts'
import { createRecordingSink, type RecordingSink } from './recording-sink.ts'

/** A hub over a log in memory with time that stands still. */
export interface HubWorld {
  readonly driver: LogDriver
  readonly log: EventLog
  readonly hub: Hub
  readonly timers: ManualTimers
  readonly errors: unknown[]
  /** Moves both clocks. */
  pass(ms: number): Promise<void>
  createSession(sessionId: string, userId?: string): Promise<void>
  /** Appends `count` events whose `n` counts up within the session. */
  append(sessionId: string, count?: number): Promise<void>
  join(
    sessions: string | SubscribeOptions['sessions'],
    options?: Partial<SubscribeOptions>,
  ): { readonly sink: RecordingSink; readonly subscriber: Subscriber }
}

export interface HubWorldOptions extends Partial<Omit<HubOptions, 'log' | 'timers' | 'now'>> {
  readonly backplane?: Backplane
  readonly wrap?: (log: EventLog) => EventLog
}

/** Wall clock when the monotonic one shows 0. */
const START = 1_700_000_000_000

export function createHubWorld({
  backplane = createLocalBackplane(),
  wrap,
  ...options
}: HubWorldOptions = {}): HubWorld {
  const timers = createManualTimers()
  const errors: unknown[] = []
  const now = (): number => START + timers.monotonic()
  const driver = createMemoryDriver()
  const plain = createEventLog({ driver, backplane, now })
  const log = wrap?.(plain) ?? plain
  const counts = new Map<string, number>()
  const hub = createHub({
    log,
    now,
    timers,
    random: () => 0.5,
    coalesceMs: 0,
    onError: (error) => errors.push(error),
    ...options,
  })
  return {
    driver,
    log,
    hub,
    timers,
    errors,
    async pass(ms) {
      timers.advance(ms)
      await settle()
    },
    async createSession(id, userId = 'ada') {
      const time = now()
      await driver.sessions.create({
        id,
        userId,
        title: '',
        renamed: false,
        archived: false,
        createdAt: time,
        updatedAt: time,
        deletedAt: null,
      })
    },
    async append(sessionId, count = 1) {
      const first = counts.get(sessionId) ?? 0
      counts.set(sessionId, first + count)
      const drafts = Array.from({ length: count }, (_, i): Draft => ({
        type: 'note',
        data: { n: first + i + 1 },
      }))
      await plain.append(sessionId, drafts)
    },
    join(sessions, more = {}) {
      const sink = createRecordingSink()
      const subscriber = hub.subscribe({
        sessions: typeof sessions === 'string' ? [{ sessionId: sessions }] : sessions,
        sink,
        userId: 'ada',
        authorise: () => Promise.resolve(true),
        ...more,
      })
      return { sink, subscriber }
    },
  }
}

/** Lets everything that needs no time happen. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
}
