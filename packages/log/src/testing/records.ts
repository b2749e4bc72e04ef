import type { LogDriver, RunRecord, SessionRecord, StoredDraft, StoredEvent } from '../log-driver.ts'

/** A session of user `ada`, with what the test says about it. */
export function sessionRecord(id: string, fields: Partial<SessionRecord> = {}): SessionRecord {
  return {
    id,
    userId: 'ada',
    title: `About ${id}`,
    renamed: false,
    archived: false,
    createdAt: 1_000,
    updatedAt: 1_000,
    deletedAt: null,
    ...fields,
  }
}

/** A queued run of a session. */
export function runRecord(sessionId: string, runId: string): RunRecord {
  return {
    sessionId,
    runId,
    userId: 'ada',
    input: { kind: 'message', messageId: `m-${runId}`, parentId: null },
    queuedAt: 1_000,
  }
}

/** Drafts whose bodies can be told apart. */
export function drafts(count: number, label = 'x', padding = ''): StoredDraft[] {
  return Array.from({ length: count }, (_, index) => ({
    type: 'message_chunk',
    body: JSON.stringify({ type: 'message_chunk', data: `${label}${String(index)}${padding}` }),
  }))
}

/** Creates the session and its first events. */
export async function startSession(driver: LogDriver, id: string, events = 0): Promise<void> {
  await driver.sessions.create(sessionRecord(id))
  if (events > 0) await driver.append({ stream: id, drafts: drafts(events) })
}

/** As `startSession`, with an append for each event. */
export async function startSessionOneByOne(driver: LogDriver, id: string, events: number): Promise<void> {
  await startSession(driver, id)
  for (const draft of drafts(events)) await driver.append({ stream: id, drafts: [draft] })
}

/** Every event of a stream, page by page. */
export async function readAll(driver: LogDriver, stream: string, maxEvents = 1_000): Promise<StoredEvent[]> {
  const events: StoredEvent[] = []
  let page = await driver.read(stream, 'start', { maxEvents })
  while (page.events.length > 0) {
    events.push(...page.events)
    const last = events.at(-1)
    page = await driver.read(stream, { epoch: page.epoch, offset: last?.offset ?? 0 }, { maxEvents })
  }
  return events
}

/** Offsets of a stream's events, in order. */
export async function offsetsOf(driver: LogDriver, stream: string): Promise<number[]> {
  return (await readAll(driver, stream)).map((event) => event.offset)
}
