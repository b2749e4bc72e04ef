import type { SessionRecord } from '../../log-driver.ts'
import { readCommits } from './commit-ring.ts'
import { BASE_KEY, commitKey, garbageKey, streamKey, under } from './keys.ts'
import { checkEvents } from './check-events.ts'
import { seal, sealRecord, unseal, unsealRecord } from './seal.ts'
import { indexKey } from './session-index.ts'
import { pages, type StoreChange, type StoreReader } from './store.ts'
import type { StreamRecord } from './stream-record.ts'

/** Something that is not as it was written, and what would let the log be used without it. */
export interface Problem {
  /** A sentence for the operator. */
  readonly text: string
  readonly fix: readonly StoreChange[]
}

/** What a check found. */
export interface CheckReport {
  /** Sessions, and what the server itself keeps in the log. */
  readonly streams: number
  readonly events: number
  readonly problems: readonly Problem[]
}

/** Problems described in full. */
const DESCRIBED = 50

/** What a check found, in lines for the operator. */
export function describeCheck({ streams, events, problems }: CheckReport): { ok: boolean; lines: string[] } {
  const lines = problems.slice(0, DESCRIBED).map(({ text }) => text)
  if (problems.length > DESCRIBED) lines.push(`… and ${String(problems.length - DESCRIBED)} more.`)
  lines.push(`${String(streams)} streams, ${String(events)} events, ${String(problems.length)} problems.`)
  return { ok: problems.length === 0, lines }
}

/** Problems listed; a store with more is beyond repair. */
const MAX_PROBLEMS = 10_000

const PAGE = 1_000

/** Looks at everything in a store: checksums, gaps, ends of streams, indexes against records. */
export async function checkStore(store: StoreReader): Promise<CheckReport> {
  const problems: Problem[] = []
  const report = (problem: Problem): void => {
    if (problems.length < MAX_PROBLEMS) problems.push(problem)
  }
  await checkRing(store, report)
  const counts = await checkStreams(store, report)
  await checkParts(store, report)
  await checkIndexes(store, report)
  return { ...counts, problems }
}

type Report = (problem: Problem) => void

async function checkRing(store: StoreReader, report: Report): Promise<void> {
  const { last, lost } = await readCommits(store)
  if (lost === 0) return
  const key = commitKey(last)
  report({
    text: `${String(lost)} of the last writes are missing.`,
    fix: [
      { type: 'put', key: BASE_KEY, value: String(last) },
      { type: 'put', key, value: seal(key, String(last)) },
    ],
  })
}

async function checkStreams(
  store: StoreReader,
  report: Report,
): Promise<{ streams: number; events: number }> {
  const counts = { streams: 0, events: 0 }
  for await (const page of pages(store.entries(under('s')), PAGE)) {
    for (const [key, sealed] of page) {
      const stream = key.slice(2)
      const record = readable(() => unsealRecord(key, sealed) as StreamRecord)
      if (record === undefined) report(lostStream(stream))
      if (record === undefined || 'deleted' in record) continue
      counts.streams += 1
      counts.events += await checkEvents(store, { stream, record }, report)
      const listed = indexKey(record.session)
      if ((await store.get(listed)) === undefined) {
        const value = sealRecord(listed, record.session)
        report({ text: `Session ${stream} is not listed.`, fix: [{ type: 'put', key: listed, value }] })
      }
    }
  }
  return counts
}

function lostStream(stream: string): Problem {
  const key = streamKey(stream)
  return {
    text: `The record of session ${stream} is damaged: the session would be removed.`,
    fix: [
      { type: 'put', key, value: sealRecord(key, { deleted: true }) },
      { type: 'put', key: garbageKey({ stream }), value: '' },
    ],
  }
}

/** Producers, runs and snapshots: each by its checksum, and of a session that is there. */
async function checkParts(store: StoreReader, report: Report): Promise<void> {
  const kinds = { p: 'producer', q: 'run', r: 'ended run', x: 'snapshot' }
  for (const [prefix, what] of Object.entries(kinds)) {
    let alive: { stream: string; is: boolean } | undefined
    for await (const page of pages(store.entries(under(prefix)), PAGE)) {
      for (const [key, sealed] of page) {
        const [, stream = '', name] = key.split('!')
        if (alive?.stream !== stream) alive = { stream, is: await isKnown(store, stream) }
        if (alive.is && readable(() => unseal(key, sealed)) !== undefined) continue
        const text = `The ${what}${name === undefined ? '' : ` ${name}`} of session ${stream} is damaged.`
        report({ text, fix: [{ type: 'del', key }] })
      }
    }
  }
}

/** Whether a session of this name is there, or was, and what it left is being swept. */
async function isKnown(store: StoreReader, stream: string): Promise<boolean> {
  return (await store.get(streamKey(stream))) !== undefined
}

async function checkIndexes(store: StoreReader, report: Report): Promise<void> {
  for (const prefix of ['u', 'd']) {
    for await (const page of pages(store.entries(under(prefix)), PAGE)) {
      for (const [key, sealed] of page) {
        const listed = readable(() => unsealRecord(key, sealed) as SessionRecord)
        const kept = listed && (await recordOf(store, listed.id))
        if (kept !== undefined && indexKey(kept) === key && JSON.stringify(kept) === JSON.stringify(listed))
          continue
        const fix: StoreChange[] =
          kept !== undefined && indexKey(kept) === key
            ? [{ type: 'put', key, value: sealRecord(key, kept) }]
            : [{ type: 'del', key }]
        report({ text: `A line of the list of sessions is damaged (${listed?.id ?? 'unreadable'}).`, fix })
      }
    }
  }
}

async function recordOf(store: StoreReader, stream: string): Promise<SessionRecord | undefined> {
  const key = streamKey(stream)
  const sealed = await store.get(key)
  const record = sealed === undefined ? undefined : readable(() => unsealRecord(key, sealed) as StreamRecord)
  return record === undefined || 'deleted' in record ? undefined : record.session
}

function readable<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
