import type { LogDriver, SessionRecord } from '../../log-driver.ts'
import { randomEpoch } from '../rules/epoch.ts'
import { checkName } from '../rules/names.ts'
import { sessionEnded } from '../rules/refusals.ts'
import { changedSession, compareListed, isListed, parseListPlace, sessionPage } from '../rules/sessions.ts'
import type { MemoryState } from './state.ts'

/** The sessions of a memory driver. A list looks at all of them: fine for what fits in memory. */
export function createMemorySessions(state: MemoryState): LogDriver['sessions'] {
  const run = state.run
  const records = (): SessionRecord[] => [...state.streams.values()].map((stream) => stream.session)

  return {
    get: (id) => run(() => state.streams.get(id)?.session),
    tombstone: (id) => run(() => state.tombstones.get(id)),
    list: (query) =>
      run(() => {
        const after = query.before === undefined ? undefined : parseListPlace(query.before)
        const found = records()
          .filter((record) => isListed(record, query))
          .filter((record) => after === undefined || compareListed(record, after) > 0)
          .sort(compareListed)
        return sessionPage(found.slice(0, query.limit + 1), query.limit)
      }),
    create: (record) =>
      run(() => {
        checkName(record.id)
        if (state.tombstones.has(record.id)) throw sessionEnded()
        const stream = state.streams.get(record.id)
        if (stream !== undefined) return stream.session
        state.streams.set(record.id, {
          epoch: randomEpoch(),
          first: 1,
          head: 0,
          events: [],
          session: record,
          snapshot: undefined,
          producers: new Map(),
          ended: new Map(),
        })
        return record
      }),
    update: (id, change) =>
      run(() => {
        const stream = state.stream(id)
        stream.session = changedSession(stream.session, change)
        return stream.session
      }),
    deletedBefore: (time, limit) =>
      run(() =>
        records()
          .filter(({ deletedAt }) => deletedAt !== null && deletedAt < time)
          .sort((a, b) => (a.deletedAt ?? 0) - (b.deletedAt ?? 0))
          .slice(0, limit),
      ),
  }
}
