import { randomBytes } from 'node:crypto'
import type { LogDriver, SessionRecord } from '../../log-driver.ts'
import { checkName } from '../rules/names.ts'
import { sessionEnded } from '../rules/refusals.ts'
import { changedSession, isListed, parseListPlace, sessionPage } from '../rules/sessions.ts'
import type { EmbeddedContext } from './context.ts'
import { deletedRange, listRange } from './keys.ts'
import { unsealRecord } from './seal.ts'
import { putSession } from './session-index.ts'
import { pages, type Scan } from './store.ts'
import { createCell } from './stream-cell.ts'
import { putRecord } from './stream-record.ts'

const PAGE = 200

/** Sessions: their record stands with the stream, and a copy of it in the index where it is listed. */
export function createSessions({
  store,
  commits,
  streams,
  generation,
  watch,
}: EmbeddedContext): LogDriver['sessions'] {
  return {
    get(id) {
      const ready = streams.ready(id)
      if (ready !== undefined) return Promise.resolve(ready.session.written)
      return streams.use(id, ({ cell }) => cell?.session.written)
    },

    tombstone: (id) => streams.use(id, ({ cell }) => cell?.tombstone),

    async list(query) {
      const after = query.before === undefined ? undefined : parseListPlace(query.before)
      const scan = store.entries(listRange(query.userId, after))
      const found = await watch(collect(scan, query.limit + 1, (record) => isListed(record, query)))
      return sessionPage(found, query.limit)
    },

    async create(record) {
      checkName(record.id)
      return streams.use(record.id, async (place) => {
        const { cell } = place
        if (cell?.tombstone !== undefined) throw sessionEnded()
        const batch = commits.batch()
        const kept = cell?.session.accepted
        // Another one may be creating it just now: what is returned must be written.
        if (kept !== undefined) return batch.done(() => kept)
        const created = createCell(record.id, { seed: newSeed(), first: 1, head: 0 }, generation)
        created.holdsAllProducers = true
        putSession(batch, created, record)
        putRecord(batch, created)
        place.cell = created
        return batch.done(() => {
          created.session.written = record
          return record
        })
      })
    },

    update: (id, change) =>
      streams.with(id, (cell) => {
        const before = cell.session.accepted
        if (before === undefined) throw sessionEnded()
        const batch = commits.batch()
        const next = changedSession(before, change)
        putSession(batch, cell, next)
        putRecord(batch, cell)
        return batch.done(() => {
          cell.session.written = next
          return next
        })
      }),

    deletedBefore: (time, limit) => watch(collect(store.entries(deletedRange(time)), limit, () => true)),
  }
}

function newSeed(): string {
  return randomBytes(12).toString('base64url')
}

/** Walks through an index until `limit` sessions are found. */
async function collect(
  scan: Scan<[string, string]>,
  limit: number,
  accepts: (record: SessionRecord) => boolean,
): Promise<SessionRecord[]> {
  const found: SessionRecord[] = []
  for await (const page of pages(scan, PAGE)) {
    for (const [key, sealed] of page) {
      if (found.length >= limit) return found
      const record = unsealRecord(key, sealed) as SessionRecord
      if (accepts(record)) found.push(record)
    }
  }
  return found
}
