import {
  REDUCER_VERSION,
  StreamError,
  formatCursor,
  parseCursor,
  serializeSnapshot,
  windowConversation,
  type Position,
  type Updates,
} from '@throughline/protocol'
import { CursorExpired, openEnvelope, type LogPage } from '@throughline/log'
import { connectionOwner, paceReplay, tooManyConnections } from '../connections.ts'
import { readNumber } from '../query.ts'
import { json } from '../reply.ts'
import type { Route, UserCall } from '../route.ts'
import type { Services } from '../services.ts'

const MAX_WAIT_S = 25
const MAX_EVENTS = 1_000

/** Poll and long-poll: the same events, the same cursors and the same resets as the stream. */
export function updateRoutes(services: Services): readonly Route[] {
  return [
    {
      method: 'GET',
      pattern: '/api/sessions/:sessionId/updates',
      access: 'user',
      async handle(call) {
        const { id } = await services.access.readable(call.identity, call.params['sessionId'] ?? '')
        const reply = json(200, await readUpdates(services, call, id))
        await paceReplay(services, call, reply.body?.length ?? 0)
        return reply
      },
    },
  ]
}

async function readUpdates(services: Services, call: UserCall, sessionId: string): Promise<Updates> {
  const { query } = call
  const waitMs = readNumber(query, 'wait', { fallback: 0, max: MAX_WAIT_S }) * 1_000
  const limit = Math.max(1, readNumber(query, 'limit', { fallback: MAX_EVENTS, max: MAX_EVENTS }))
  const after = call.request.header('last-event-id') ?? query.get('after') ?? ''
  if (after === '') return await join(services, sessionId, limit)
  const position = parseCursor(after)
  if (position === undefined) return await restart(services, sessionId, limit, { reason: 'malformed' })
  try {
    const page = await services.log.read(sessionId, position, { maxEvents: limit })
    if (page.events.length > 0 || waitMs === 0) return answer(page, position)
    return await waitForGrowth(services, call, { sessionId, position, waitMs })
  } catch (error) {
    if (error instanceof CursorExpired) return await restart(services, sessionId, limit, error)
    throw error
  }
}

/** Waits for the next events. A session that ends meanwhile says so; a server that goes down answers at once. */
async function waitForGrowth(
  services: Services,
  call: UserCall,
  { sessionId, position, waitMs }: { sessionId: string; position: Position; waitMs: number },
): Promise<Updates> {
  const place = await services.limits.connections.take(connectionOwner(call))
  if (place === undefined) throw tooManyConnections()
  const patience = new AbortController()
  const cancel = services.timers.schedule(() => {
    patience.abort()
  }, waitMs)
  // A deletion, the end of the login and a drain are told by hints; whatever is missed is seen at the next poll.
  const stopHints = services.log.onHint((hint) => {
    const ends = hint.kind === 'closed' && hint.stream === sessionId
    if (ends || (hint.kind === 'revoked' && hint.userId === call.identity.userId)) patience.abort()
  })
  try {
    const signal = AbortSignal.any([call.request.signal, patience.signal, services.draining])
    for await (const page of services.log.tail(sessionId, position, signal)) return answer(page, position)
    services.auth.requireValid(call.identity)
    await services.access.readable(call.identity, sessionId)
    return { events: [], cursor: formatCursor(position), closed: false }
  } catch (error) {
    if (!(error instanceof StreamError) || error.code !== 'stream_closed') throw error
    return { events: [], cursor: formatCursor(position), closed: true }
  } finally {
    stopHints()
    cancel()
    place()
  }
}

/** A reader without a place gets the state and what follows it. */
async function join({ hub, log }: Services, sessionId: string, limit: number): Promise<Updates> {
  const state = windowConversation(await hub.state(sessionId))
  const position = state.position ?? { ...(await log.head(sessionId)), offset: 0 }
  const page = await log.read(sessionId, position, { maxEvents: limit })
  const snapshot = {
    reducerVersion: REDUCER_VERSION,
    state: serializeSnapshot(state),
    cursor: formatCursor(position),
  }
  return { ...answer(page, position), snapshot }
}

async function restart(
  services: Services,
  sessionId: string,
  limit: number,
  { reason, head }: { reason: CursorExpired['reason']; head?: Position },
): Promise<Updates> {
  const at = head ?? (await services.log.head(sessionId))
  return { ...(await join(services, sessionId, limit)), reset: { reason, head: formatCursor(at) } }
}

function answer(page: LogPage, after: Position): Updates {
  const last = page.events.at(-1)
  const cursor = last === undefined ? after : { epoch: page.epoch, offset: last.offset }
  return {
    events: page.events.map((event) => openEnvelope(event, page.epoch)),
    cursor: formatCursor(cursor),
    closed: false,
  }
}
