import type { AppendRequest, SessionPage, SessionQuery, SessionRecord } from '../../log-driver.ts'
import { invalid } from './refusals.ts'

/** The fields of a session that may change. */
export type SessionChange = NonNullable<AppendRequest['session']>

/** The record with the change applied; when it began stays. */
export function changedSession(record: SessionRecord, change: SessionChange): SessionRecord {
  const { id, createdAt } = record
  return { ...record, ...change, id, createdAt }
}

/** A place in the list of a user's sessions: by `updatedAt`, newest first, then by id. */
export interface ListPlace {
  readonly updatedAt: number
  readonly id: string
}

/** Reads `before` of a page. @throws `invalid_request` */
export function parseListPlace(before: string): ListPlace {
  const match = /^([0-9]{1,16})\.([A-Za-z0-9_-]{1,64})$/.exec(before)
  if (match === null) throw invalid('`before` is what the last page gave.')
  return { updatedAt: Number(match[1]), id: match[2] ?? '' }
}

/** Whether `a` is listed before `b`: negative when it is. */
export function compareListed(a: ListPlace, b: ListPlace): number {
  if (a.updatedAt !== b.updatedAt) return b.updatedAt - a.updatedAt
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}

/** Whether a query shows the session at all. */
export function isListed(record: SessionRecord, query: SessionQuery): boolean {
  if (record.deletedAt !== null || record.userId !== query.userId) return false
  if (query.archived !== undefined && record.archived !== query.archived) return false
  return query.search === undefined || record.title.toLowerCase().includes(query.search.toLowerCase())
}

/** One page of `found`, which holds one session more than asked for when there are more. */
export function sessionPage(found: readonly SessionRecord[], limit: number): SessionPage {
  const sessions = found.slice(0, limit)
  const last = sessions.at(-1)
  if (found.length <= limit || last === undefined) return { sessions }
  return { sessions, before: `${String(last.updatedAt)}.${last.id}` }
}
