import { StreamError } from '@throughline/protocol'
import type { Audit } from '../../audit/audit.ts'
import { hasScope, type Identity } from '../../auth/identity.ts'
import type { CloseReason } from '../../hub/sink.ts'
import type { SessionRequest } from '../../hub/hub.ts'
import { connectionOwner, goingDown, tooManyConnections } from '../connections.ts'
import type { GatewayResponse, StreamReply } from '../exchange.ts'
import type { Route, UserCall } from '../route.ts'
import type { Services } from '../services.ts'
import { STREAM_HEADERS, requireStreamAccept } from '../stream-headers.ts'
import { readSession, readSessions, withLastEventId } from '../subscription.ts'

interface Refusal {
  readonly sessionId: string
  readonly code: string
}

/** `GET /api/sse` for browsers and `GET /api/run_sse/A` for backends: one handler. */
export function streamRoutes(services: Services): readonly Route[] {
  return [
    {
      method: 'GET',
      pattern: '/api/sse',
      access: 'user',
      check: ({ query }) => void readSessions(query),
      handle: (call) => subscribe(services, call, readSessions(call.query)),
    },
    {
      method: 'GET',
      pattern: '/api/run_sse/:sessionId',
      access: 'user',
      check: ({ params, query }) => void readSession(params['sessionId'], query),
      handle: (call) => subscribe(services, call, [readSession(call.params['sessionId'], call.query)]),
    },
  ]
}

async function subscribe(
  services: Services,
  call: UserCall,
  asked: readonly SessionRequest[],
): Promise<GatewayResponse> {
  requireStreamAccept(call.request, call.byCookie)
  if (services.draining.aborted) throw goingDown()
  const { sessions, refused } = await admit(services, call, asked)
  const place = await services.limits.connections.take(connectionOwner(call))
  if (place === undefined) throw tooManyConnections()
  return openStream(services, call, { sessions, refused, place })
}

/** One session is refused by status; of several, the bad ones are told in-band and spoil no other. */
async function admit(
  { access, log }: Services,
  { identity, request }: UserCall,
  asked: readonly SessionRequest[],
): Promise<{ sessions: readonly SessionRequest[]; refused: readonly Refusal[] }> {
  const refused: Refusal[] = []
  const admitted: SessionRequest[] = []
  for (const session of asked) {
    try {
      await access.readable(identity, session.sessionId)
      admitted.push(session)
    } catch (error) {
      if (!(error instanceof StreamError) || asked.length === 1) throw error
      if (error.code !== 'not_found' && error.code !== 'stream_closed') throw error
      refused.push({ sessionId: session.sessionId, code: error.code })
    }
  }
  const lastEventId = request.header('last-event-id')
  const epochOf = async (id: string): Promise<string> => (await log.head(id)).epoch
  const sessions = await withLastEventId(admitted, lastEventId, { alone: asked.length === 1, epochOf })
  return { sessions, refused }
}

function openStream(
  { hub, audit, auth, access, replay }: Services,
  { identity, request }: UserCall,
  {
    sessions,
    refused,
    place,
  }: {
    sessions: readonly SessionRequest[]
    refused: readonly Refusal[]
    place: () => void
  },
): StreamReply {
  let opened = false
  // The reader may leave before its stream begins.
  request.signal.addEventListener('abort', () => {
    if (!opened) place()
  })
  if (request.signal.aborted) place()
  const authorise = async (sessionId: string): Promise<boolean> => {
    if (auth.isRevoked(identity)) return false
    try {
      await access.readable(identity, sessionId)
      return true
    } catch (error) {
      if (error instanceof StreamError && [404, 410].includes(error.status ?? 0)) return false
      throw error
    }
  }
  return {
    kind: 'stream',
    status: 200,
    headers: STREAM_HEADERS,
    open(sink) {
      opened = true
      const subscriber = hub.subscribe({
        sessions,
        refused,
        sink,
        userId: identity.userId,
        ...(identity.sid !== undefined && { sid: identity.sid }),
        expiresAt: identity.expiresAt,
        authorise,
        // Workers follow every run; what they read is their work.
        ...(!hasScope(identity, 'publish') && {
          holdBack: (bytes: number) => replay.take(identity.userId, bytes),
        }),
      })
      void subscriber.closed.then((reason) => {
        place()
        recordEnd(audit, reason, identity)
      })
      return subscriber
    },
  }
}

/** A stream that ended because its reader may no longer read. */
function recordEnd(audit: Audit, reason: CloseReason, { userId, sid }: Identity): void {
  if (reason !== 'expired' && reason !== 'revoked') return
  audit.record({ event: 'stream_ended', reason, userId, ...(sid !== undefined && { sid }) })
}
