import type { Envelope, KnownEventType } from '@throughline/protocol'
import type { BackoffOptions } from './connection/backoff.ts'
import type { LivenessOptions } from './connection/input.ts'
import type { ConnectionView } from './connection/state.ts'
import { createSessions } from './client/sessions.ts'
import type { Observer } from './client/observer.ts'
import { createUser } from './client/user.ts'
import type { OpenLocalStore } from './local/local-store.ts'
import { defaultEnvironment } from './environment.ts'
import type { Environment } from './environment.ts'
import { createAuth } from './rest/auth.ts'
import { createCredentials } from './rest/credentials.ts'
import { createLazyRest } from './rest/lazy-rest.ts'
import { createListeners } from './session/listeners.ts'
import { createSseTransport } from './transports/sse.ts'
import type { AuthApi, SessionsApi } from './rest/api.ts'
import type { EventOf, Readable, Session, Unsubscribe } from './session/session.ts'
import { lazyTransport } from './transports/lazy.ts'
import { pauseOf } from './transports/pause.ts'
import type { Transport } from './transports/transport.ts'

/** What a client may be given; everything has a default. */
export interface StreamClientOptions {
  /** Where `/api` is. Default: the page's own origin. */
  readonly baseUrl?: string
  /** The route of the stream. Default: `/api/sse` there. */
  readonly streamUrl?: string
  /** A bearer token for each request; without it the cookies count. Asked again after a 401. */
  readonly getToken?: () => string | null | undefined | Promise<string | null | undefined>
  /** Default: the platform's. */
  readonly fetch?: typeof fetch
  readonly backoff?: BackoffOptions
  readonly liveness?: LivenessOptions
  /** Default `true`: cookies are sent. */
  readonly withCredentials?: boolean
  /** Default: streaming `fetch`. */
  readonly transport?: Transport
  /** `auto`: long-polling where streams do not get through. Default `auto`. */
  readonly fallback?: 'auto' | 'off'
  /** `auto`: one tab carries the connection for all of them. Default `auto`. */
  readonly share?: 'auto' | 'off'
  /** `auto`: folded states and unsent messages of the user are kept in this browser. Default `auto`. */
  readonly local?: 'auto' | 'off' | OpenLocalStore
  /** Who is signed in, when that is known before asking: tabs are shared and what was kept is shown from the start. */
  readonly userId?: string
  /** Time, network and page; injected by tests. Default: the platform's. */
  readonly environment?: Environment
}

/** One user's line to one hub. */
export interface StreamClient extends SessionsApi {
  /** The session of this id; the same object each time. */
  session(sessionId: string): Session
  /** The connection that all sessions share. */
  readonly connection: Readable<ConnectionView> & { retryNow(): void }
  readonly auth: AuthApi
  /** Calls `listener` with each event of `type` of any session carried, `*` for all; `heartbeat` and `reset`, too. */
  on<T extends KnownEventType>(type: T, listener: (event: EventOf<T>) => void): Unsubscribe
  on(type: string, listener: (event: Envelope) => void): Unsubscribe
  /**
   * Tells `observer` all that this tab receives, also what it does not use, until the returned function is called. It costs
   * nothing while nobody observes; `createInspection` of `@throughline/client/inspect` makes an inspector's feed of it.
   */
  observe(observer: Observer): Unsubscribe
  /** Holds the connection until `resume`. */
  pause(): void
  resume(): void
  /** Ends everything; the client cannot be used again. */
  close(): void
}

/** A client for the hub at `baseUrl`. Nothing is opened before a session is watched. */
export function createStreamClient(options: StreamClientOptions = {}): StreamClient {
  const { baseUrl = '', getToken, backoff = {}, withCredentials = true } = options
  const { heartbeatInterval = 15_000, timeout = 10_000 } = options.liveness ?? {}
  const environment = options.environment ?? defaultEnvironment()
  const request = options.fetch ?? environment.fetch
  const credentials = createCredentials({ environment, baseUrl, getToken, fetch: request })
  const rest = createLazyRest({ environment, baseUrl, credentials, fetch: request, withCredentials })
  const { send } = rest
  const stream =
    options.transport ??
    createSseTransport({
      url: options.streamUrl ?? `${baseUrl}/api/sse`,
      fetch: request,
      headers: credentials.headers,
      withCredentials,
      now: environment.now,
    })
  const poll = lazyTransport('polling', async () => {
    const { createPollingTransport } = await import('./transports/polling.ts')
    return createPollingTransport({ send, now: environment.now, pause: pauseOf(environment) })
  })
  const listeners = createListeners(environment)
  const sessions = createSessions({
    environment,
    rest,
    tell: listeners.tell,
    line: {
      backoff,
      timeoutMs: timeout,
      heartbeatMs: heartbeatInterval,
      transports: options.fallback === 'off' ? { stream } : { stream, poll },
      refresh: credentials.refresh,
    },
  })
  const user = createUser({
    environment,
    sessions,
    baseUrl,
    share: options.share !== 'off',
    openStore: storeOpener(options.local ?? 'auto', baseUrl),
  })
  const auth = createAuth({
    send,
    credentials,
    onUser: user.set,
    onSignedOut: () => user.leave(),
  })
  if (options.userId !== undefined) user.set(options.userId)
  return {
    ...rest.sessions,
    async restoreSession(sessionId) {
      const restored = await rest.sessions.restoreSession(sessionId)
      sessions.reopen(sessionId)
      return restored
    },
    auth: { ...auth, onSignedOut: user.onLeft },
    session: sessions.session,
    connection: { ...sessions.line.view, retryNow: sessions.line.retryNow },
    on: listeners.on,
    observe: sessions.observe,
    pause() {
      sessions.line.pause('user')
    },
    resume() {
      sessions.line.resume('user')
    },
    close() {
      user.close()
      sessions.close()
      credentials.close()
    },
  }
}

function storeOpener(
  local: 'auto' | 'off' | OpenLocalStore,
  baseUrl: string,
): (() => Promise<OpenLocalStore>) | undefined {
  if (typeof local === 'function') return () => Promise.resolve(local)
  if (local === 'off' || typeof indexedDB === 'undefined') return undefined
  return async () => {
    const { createIndexedDbStore } = await import('./local/indexed-db.ts')
    return createIndexedDbStore(`throughline:${baseUrl}`)
  }
}
