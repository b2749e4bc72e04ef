import type { LogDriver, SessionRecord } from '../../log-driver.ts'
import { checkName } from '../rules/names.ts'
import { isListed, parseListPlace, sessionPage } from '../rules/sessions.ts'
import { newBase, type RedisContext } from './context.ts'
import { FORGET_MS, listScore, type Indexes } from './indexes.ts'
import { newSessionFields, ownerOf, sessionFields, toSession } from './records.ts'
import {
  CREATE_SESSION,
  FORGET_DELETED,
  GET_SESSION,
  LIST,
  LISTED,
  UNLIST,
  UPDATE_SESSION,
} from './scripts/sessions.ts'

/** Sessions of an index that are looked at together. */
const BATCH = 100

/** How often a list is read anew because something had moved in it. */
const MAX_RETRIES = 3

/** The sessions of a Redis driver. */
export function createRedisSessions(context: RedisContext, indexes: Indexes): LogDriver['sessions'] {
  const { link, keys, ask, session } = context

  const get = async (id: string): Promise<SessionRecord | undefined> => {
    const reply = await ask(GET_SESSION, id)
    return reply[0] === 'ok' ? toSession(id, reply) : undefined
  }

  /** A part of an index, each with its record. */
  const listed = async (
    key: string,
    { least, from }: { readonly least: string; readonly from: number },
  ): Promise<{ id: string; score: string; record: SessionRecord | undefined }[]> => {
    const [, ...values] = await link.run(LISTED, [key], [least, String(from), String(BATCH)])
    const ids = values.filter((_, at) => at % 2 === 0).map(String)
    const records = await Promise.all(ids.map(get))
    return ids.map((id, at) => ({ id, score: values[at * 2 + 1] ?? '', record: records[at] }))
  }

  /** One try at a page; `undefined` when the index had to be mended. */
  const page = async (
    query: Parameters<LogDriver['sessions']['list']>[0],
    place: ReturnType<typeof parseListPlace> | undefined,
  ): Promise<SessionRecord[] | undefined> => {
    const key = keys.sessionsOf(query.userId)
    const least = place === undefined ? '-inf' : listScore(place.updatedAt)
    const found: SessionRecord[] = []
    let mended = false
    for (let from = 0; found.length <= query.limit; from += BATCH) {
      const entries = await listed(key, { least, from })
      for (const { id, score, record } of entries) {
        if (record === undefined) continue
        if (record.userId !== query.userId) {
          await link.run(UNLIST, [key], [id])
        } else if (Number(score) !== -record.updatedAt) {
          await link.run(LIST, [key], [id, listScore(record.updatedAt)])
          mended = true
        } else if (isListed(record, query) && !isBefore(record, place)) found.push(record)
      }
      if (entries.length < BATCH) break
    }
    return mended ? undefined : found.slice(0, query.limit + 1)
  }

  return {
    get,
    async tombstone(id) {
      const [word, owner] = await ask(GET_SESSION, id)
      return word === 'gone' ? { userId: ownerOf(owner) } : undefined
    },
    async list(query) {
      const place = query.before === undefined ? undefined : parseListPlace(query.before)
      for (let attempt = 0; ; attempt += 1) {
        const found = await page(query, place)
        if (found !== undefined) return sessionPage(found, query.limit)
        if (attempt >= MAX_RETRIES) return sessionPage([], query.limit)
      }
    },
    async create(record) {
      checkName(record.id)
      const known = await get(record.id)
      if (known !== undefined) return known
      await link.run(LIST, [keys.sessionsOf(record.userId)], [record.id, listScore(record.updatedAt)])
      const reply = await session(CREATE_SESSION, record.id, [newBase(), ...newSessionFields(record)])
      return toSession(record.id, reply)
    },
    async update(id, change) {
      const request = { stream: id, session: change }
      const notAfter = await indexes.before(request)
      const limit = notAfter === undefined ? '' : String(notAfter)
      const record = toSession(id, await session(UPDATE_SESSION, id, [limit, ...sessionFields(change)]))
      await indexes.after(request, { userId: record.userId, wasLowered: false })
      return record
    },
    async deletedBefore(time, limit) {
      const index = keys.deleted
      const found: SessionRecord[] = []
      for (let from = 0; found.length < limit; from += BATCH) {
        const entries = await listed(index.sessions, { least: '-inf', from })
        for (const { id, score, record } of entries) {
          if (record === undefined || record.deletedAt === null) {
            await link.run(FORGET_DELETED, [index.sessions, index.notedAt], [String(FORGET_MS), id])
          } else if (Number(score) !== record.deletedAt) {
            await link.run(LIST, [index.sessions], [id, String(record.deletedAt)])
          }
          const deletedAt = record?.deletedAt ?? Infinity
          if (record !== undefined && deletedAt < time) found.push(record)
        }
        if (entries.length < BATCH || entries.every(({ score }) => Number(score) >= time)) break
      }
      return found.sort((a, b) => (a.deletedAt ?? 0) - (b.deletedAt ?? 0)).slice(0, limit)
    },
  }
}

/** Whether a record of the same time was on the page before. */
function isBefore(record: SessionRecord, place: { updatedAt: number; id: string } | undefined): boolean {
  return place !== undefined && record.updatedAt === place.updatedAt && record.id <= place.id
}
