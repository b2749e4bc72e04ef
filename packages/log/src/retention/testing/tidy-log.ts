import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isEvent, type Draft, type Envelope } from '@throughline/protocol'
import { openEmbedded } from '../../drivers/embedded.ts'
import { createMemoryDriver } from '../../drivers/memory.ts'
import { createEventLog, openEnvelope, type EventLog } from '../../event-log.ts'
import type { LogDriver } from '../../log-driver.ts'
import { readAll, sessionRecord } from '../../testing/records.ts'
import { createRetention, type Retention, type RetentionOptions } from '../retention.ts'

export const DRIVERS = ['memory', 'embedded'] as const

/** A log with one session `s`, a clock that stands still, and a retention that runs when it is told. */
export interface TidyLog {
  readonly log: EventLog
  readonly driver: LogDriver
  retention: Retention
  /** Everything ever appended, as it was. */
  readonly history: readonly Envelope[]
  readonly errors: readonly unknown[]
  time: number
  append(...drafts: Draft[]): Promise<void>
  /** What is stored now. */
  stored(): Promise<Envelope[]>
  /** As after a restart: nothing in memory. */
  restart(): Promise<void>
  close(): Promise<void>
}

export async function openTidyLog(
  name: (typeof DRIVERS)[number],
  options: Partial<RetentionOptions> = {},
): Promise<TidyLog> {
  const directory = name === 'embedded' ? await mkdtemp(join(tmpdir(), 'throughline-')) : undefined
  const driver = directory === undefined ? createMemoryDriver() : await openEmbedded({ directory })
  const log = createEventLog({ driver, now: () => world.time })
  const history: Envelope[] = []
  const errors: unknown[] = []
  const create = (): Retention =>
    createRetention({
      log,
      now: () => world.time,
      timers: { schedule: soonUnlessLap },
      compactAfterMs: 1_000,
      sweepMs: LAP_MS,
      onError: (error) => errors.push(error),
      ...options,
    })
  const world: TidyLog = {
    log,
    driver,
    retention: create(),
    history,
    errors,
    time: 1_000_000,
    async append(...drafts) {
      const { events, head } = await log.append('s', drafts)
      history.push(...events.map((event) => openEnvelope(event, head.epoch)))
    },
    async stored() {
      const { epoch } = await driver.head('s')
      return (await readAll(driver, 's', 7)).map((event) => openEnvelope(event, epoch))
    },
    async restart() {
      await world.retention.close()
      world.retention = create()
      await world.retention.start()
    },
    async close() {
      await world.retention.close()
      await log.close()
      await driver.dispose()
      if (directory !== undefined) await rm(directory, { recursive: true })
    },
  }
  await driver.sessions.create(sessionRecord('s'))
  await world.retention.start()
  return world
}

const LAP_MS = 60_000

/** Pauses end in the next turn of the event loop; laps come when a test asks for one. */
function soonUnlessLap(run: () => void, delayMs: number): () => void {
  if (delayMs === LAP_MS) return () => undefined
  const soon = setImmediate(run)
  return () => {
    clearImmediate(soon)
  }
}

export const offsetOf = ({ id = '' }: Envelope): number => Number(id.split('-')[1])

/** Offsets of the chunks of a message. */
export const chunksOf = (events: readonly Envelope[], messageId: string): number[] =>
  events
    .filter((event) => isEvent(event, 'message_chunk') && event.data.messageId === messageId)
    .map(offsetOf)

/** A question, its run, and as much of the answer as is asked for. */
export function turn(
  id: string,
  chunks: number,
  end: 'open' | 'completed' | 'cancelled' | 'failed' | 'interrupted' = 'completed',
): Draft[] {
  const [runId, messageId] = [`r-${id}`, `a-${id}`]
  const pieces = Array.from({ length: chunks }, (_, index) => `${id}.${String(index)} `)
  const begin: Draft[] = [
    { type: 'user_message', parentId: null, data: { messageId: `u-${id}`, content: `Question ${id}` } },
    { type: 'run_queued', runId, data: { runId, kind: 'message', messageId: `u-${id}` } },
    { type: 'run_started', runId, data: { runId, attempt: 1, kind: 'message' } },
    { type: 'message_started', runId, parentId: `u-${id}`, data: { messageId, role: 'assistant' } },
    ...pieces.map((content) => ({
      type: 'message_chunk',
      runId,
      data: { messageId, content, isComplete: false },
    })),
  ]
  if (end === 'open') return begin
  const finalContent = pieces.join('')
  const completed = { type: 'message_completed', runId, data: { messageId, sessionId: 's', finalContent } }
  const over = { type: 'run_completed', runId, data: { runId, status: end } }
  return [...begin, ...(end === 'completed' ? [completed] : []), over]
}
