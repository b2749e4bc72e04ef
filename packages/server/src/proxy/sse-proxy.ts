import { StreamError } from '@throughline/protocol'
import type { Identity } from '../auth/identity.ts'
import { createTokenReader } from '../auth/token-reader.ts'
import type { TokenKeys } from '../auth/token-verifier.ts'
import { createConnectionLimits } from '../gate/connection-limits.ts'
import { readCredentials } from '../gate/credentials.ts'
import { tooManyConnections } from '../gateway/connections.ts'
import { noCredentials } from '../gateway/routes/auth.ts'
import { STREAM_HEADERS, requireStreamAccept } from '../gateway/stream-headers.ts'
import { readSessions } from '../gateway/subscription.ts'
import { queryOf } from '../gateway/target.ts'
import type { SessionRequest } from '../hub/hub.ts'
import { systemTimers } from '../hub/timers.ts'
import { createGated, type GatedRequest } from './gated.ts'
import { requestHeaders } from './passed-headers.ts'
import type { Proxy, ProxyOptions } from './proxy-options.ts'
import { pullBody } from './pulled-body.ts'
import { passRefusal } from './refused.ts'
import { createUpstream, unreachable } from './upstream.ts'

export interface SseProxyOptions extends ProxyOptions {
  /** The hub's. A token that they do not sign is refused before the hub is asked. */
  readonly keys: TokenKeys
  /** Default `throughline`. */
  readonly issuer?: string
  /** Default `throughline`. */
  readonly audience?: string
  /** Streams through this process; 0 = unlimited. Default 10,000. Those of a user and an address the hub counts. */
  readonly maxStreams?: number
}

/** Out at once, for nothing reaches a browser before the first byte: a comment, which every reader skips. */
const FIRST_BYTES = new TextEncoder().encode(': throughline\n\n')
/** Longest delay of a timer; a stream that lasts so long is begun anew long before. */
const MAX_DELAY_MS = 2_147_483_647

/**
 * `GET /api/sse` for an app whose hub is elsewhere: the gate, the token forwarded in a header and never in a URL, the
 * hub's stream or its refusal. Fetch API only: Next route handlers on Node and edge, or any other server.
 *
 * 401, 403, 404, 410, 429 and 503 pass through with `Retry-After`; 502 stands for an unreachable or broken hub. The
 * stream ends with the token, and with the browser, which closes the hub's, too.
 */
export function createSseProxy(options: SseProxyOptions): Proxy {
  const { now = Date.now, timers = systemTimers, maxStreams = 10_000 } = options
  const { issuer = 'throughline', audience = 'throughline', trustedProxies = [] } = options
  const tokens = createTokenReader({ keys: options.keys, issuer, audience, now })
  const places = createConnectionLimits({ total: maxStreams, perUser: 0, perAddress: 0 })
  const upstream = createUpstream(options)

  const identify = async ({ asked, source }: GatedRequest): Promise<Caller> => {
    const credentials = readCredentials(asked, source)
    if (credentials === undefined) throw noCredentials()
    const identity = await tokens.read(credentials.token)
    requireStreamAccept(asked, credentials.by === 'cookie')
    return { ...credentials, identity }
  }

  const open = async (
    { request, asked }: GatedRequest,
    sessions: readonly SessionRequest[],
    { token, identity }: Caller,
  ): Promise<Response> => {
    const headers = requestHeaders(request.headers, {
      protocol: asked.protocol,
      forwarded: trustedProxies.length > 0,
    })
    headers.set('accept', 'text/event-stream')
    headers.set('authorization', `Bearer ${token}`)
    const place = places.take({})
    if (place === undefined) throw tooManyConnections()
    const ending = new AbortController()
    const end = (): void => {
      ending.abort()
    }
    const delayMs = Math.min(MAX_DELAY_MS, Math.max(0, identity.expiresAt - now()))
    const stopClock = timers.schedule(end, delayMs)
    const onEnd = (): void => {
      stopClock()
      place()
    }
    try {
      const target = targetOf(sessions)
      const response = await upstream.ask({ method: 'GET', target, headers, signal: request.signal })
      if (response.status !== 200) return await passRefusal(response).finally(onEnd)
      const body = requireStream(response)
      const signal = AbortSignal.any([request.signal, ending.signal])
      return new Response(pullBody(body, { first: FIRST_BYTES, signal, onEnd }), { headers: STREAM_HEADERS })
    } catch (error) {
      onEnd()
      throw error
    }
  }

  return createGated({ ...options, methods: ['GET'] }, async (gated) => {
    const sessions = readSessions(queryOf(gated.asked.url))
    return await open(gated, sessions, await identify(gated))
  })
}

interface Caller {
  readonly token: string
  readonly identity: Identity
}

/** The hub's path for these sessions, each name checked and escaped. */
function targetOf(sessions: readonly SessionRequest[]): string {
  const [only] = sessions
  if (only !== undefined && sessions.length === 1) {
    const query = only.after === undefined ? '' : `?${String(new URLSearchParams({ after: only.after }))}`
    return `/api/run_sse/${encodeURIComponent(only.sessionId)}${query}`
  }
  const query = new URLSearchParams()
  for (const { sessionId, after = '' } of sessions) {
    query.append('sessionId', sessionId)
    query.append('after', after)
  }
  return `/api/sse?${String(query)}`
}

/** @throws StreamError `network_error` for a 200 that is no stream */
function requireStream(response: Response): ReadableStream<Uint8Array<ArrayBuffer>> {
  const type = response.headers.get('content-type') ?? ''
  if (response.body !== null && /^text\/event-stream\b/i.test(type)) return response.body
  void response.body?.cancel()
  throw unreachable(new StreamError('network_error', `it answered with ${type}`))
}
