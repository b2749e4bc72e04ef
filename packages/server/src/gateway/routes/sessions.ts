import {
  REDUCER_VERSION,
  StreamError,
  checkCreateSession,
  checkSessionPatch,
  formatCursor,
  windowConversation,
  type SessionList,
  type SessionSummary,
} from '@throughline/protocol'
import type { SessionRecord } from '@throughline/log'
import { sessionDeleted, unknownSession } from '../../gate/session-access.ts'
import { UNDO_MS } from '../../runs/purge.ts'
import { terminalDraft } from '../../runs/terminal.ts'
import { readJson, readOptionalJson } from '../body.ts'
import { readNumber } from '../query.ts'
import { empty, json } from '../reply.ts'
import type { Route, UserCall } from '../route.ts'
import type { Services } from '../services.ts'

const BODY_BYTES = 16_384
const MAX_SEARCH_LENGTH = 200

/** Under which the title given at creation is written, so that a repeated creation writes it once. */
const CREATION = { producerId: '__created', producerSeq: 1 }

/** Sessions: create, list, look at, change, delete, restore. */
export function sessionRoutes(services: Services): readonly Route[] {
  const { log, hub, access, now } = services
  const { sessions, leases } = log.driver
  const idOf = ({ params }: UserCall): string => params['sessionId'] ?? ''

  const summary = async (record: SessionRecord): Promise<SessionSummary> => {
    const { id, title, archived, createdAt, updatedAt } = record
    return { id, title, archived, createdAt, updatedAt, active: (await leases.active(id)).length > 0 }
  }

  const create = async ({ identity, request }: UserCall, id: string): Promise<SessionSummary> => {
    const { title } = checkCreateSession(await readOptionalJson(request, BODY_BYTES))
    const at = now()
    const record = await sessions
      .create({
        id,
        userId: identity.userId,
        title: title ?? '',
        renamed: title !== undefined,
        archived: false,
        createdAt: at,
        updatedAt: at,
        deletedAt: null,
      })
      .catch(async (error: unknown) => {
        // Whether it was deleted is for its owner to know: to anybody else it is unknown.
        await access.ownOrDeleted(identity, id)
        throw error
      })
    if (record.userId !== identity.userId) throw unknownSession('not_owner')
    if (record.deletedAt !== null) throw sessionDeleted()
    if (title !== undefined && record.renamed) {
      const draft = { type: 'session_updated', data: { title: record.title } }
      await log.append(id, [draft], { producer: CREATION })
    }
    return await summary(record)
  }

  const remove = async (record: SessionRecord): Promise<void> => {
    for (const { run } of await leases.active(record.id)) {
      const end = terminalDraft({ runId: run.runId, status: 'cancelled', reason: 'The session was deleted.' })
      await log.append(record.id, [end], { endRun: run.runId }).catch(unlessEnded)
    }
    await sessions.update(record.id, { deletedAt: now() })
    log.publish({ kind: 'closed', stream: record.id })
  }

  return [
    {
      method: 'POST',
      pattern: '/api/sessions',
      access: 'user',
      handle: async (call) => json(201, await create(call, crypto.randomUUID())),
    },
    {
      method: 'GET',
      pattern: '/api/sessions',
      access: 'user',
      async handle({ identity, query }) {
        const search = query.get('search')?.slice(0, MAX_SEARCH_LENGTH) ?? ''
        const before = query.get('before') ?? ''
        const archived = readFlag(query, 'archived')
        const page = await sessions.list({
          userId: identity.userId,
          limit: Math.max(1, readNumber(query, 'limit', { fallback: 50, max: 100 })),
          ...(search !== '' && { search }),
          ...(before !== '' && { before }),
          ...(archived !== undefined && { archived }),
        })
        const list: SessionList = {
          sessions: await Promise.all(page.sessions.map(summary)),
          ...(page.before !== undefined && { before: page.before }),
        }
        return json(200, list)
      },
    },
    {
      method: 'PUT',
      pattern: '/api/sessions/:sessionId',
      access: 'user',
      async handle(call) {
        const known = (await sessions.get(idOf(call))) !== undefined
        return json(known ? 200 : 201, await create(call, idOf(call)))
      },
    },
    {
      method: 'GET',
      pattern: '/api/sessions/:sessionId',
      access: 'user',
      async handle(call) {
        const record = await access.readable(call.identity, idOf(call))
        const state = windowConversation(await hub.state(record.id))
        const cursor = formatCursor(state.position ?? (await log.head(record.id)))
        return json(200, { session: await summary(record), reducerVersion: REDUCER_VERSION, state, cursor })
      },
    },
    {
      method: 'PATCH',
      pattern: '/api/sessions/:sessionId',
      access: 'user',
      async handle(call) {
        const record = await access.own(call.identity, idOf(call))
        const patch = checkSessionPatch(await readJson(call.request, BODY_BYTES))
        const session = { ...patch, ...(patch.title !== undefined && { renamed: true }), updatedAt: now() }
        await log.append(record.id, [{ type: 'session_updated', data: patch }], { session })
        return json(200, await summary({ ...record, ...session }))
      },
    },
    {
      method: 'DELETE',
      pattern: '/api/sessions/:sessionId',
      access: 'user',
      async handle(call) {
        await remove(await access.own(call.identity, idOf(call)))
        return empty(204)
      },
    },
    {
      method: 'POST',
      pattern: '/api/sessions/:sessionId/restore',
      access: 'user',
      async handle(call) {
        const record = await access.ownOrDeleted(call.identity, idOf(call))
        if (record.deletedAt !== null) {
          if (now() - record.deletedAt > UNDO_MS) throw sessionDeleted()
          await sessions.update(record.id, { deletedAt: null })
        }
        return json(200, await summary({ ...record, deletedAt: null }))
      },
    },
  ]
}

function unlessEnded(error: unknown): void {
  if (!(error instanceof StreamError) || error.code !== 'conflict') throw error
}

function readFlag(query: URLSearchParams, name: string): boolean | undefined {
  const text = query.get(name)
  if (text === null || text === '') return undefined
  if (text === 'true' || text === 'false') return text === 'true'
  throw new StreamError('invalid_request', `${name} must be true or false.`)
}
