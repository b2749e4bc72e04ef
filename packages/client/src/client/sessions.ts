import { createConnection } from '../connection/connection.ts'
import type { Connection, ConnectionOptions } from '../connection/connection.ts'
import type { ConnectionView } from '../connection/state.ts'
import type { Environment } from '../environment.ts'
import type { Send } from '../rest/request.ts'
import { createSession } from '../session/create-session.ts'
import type { HostedSession } from '../session/create-session.ts'
import type { Listener } from '../session/listeners.ts'
import type { Session, SessionConnection } from '../session/session.ts'
import { createFlushClock } from '../store/flush-clock.ts'
import { createCarrier } from './carrier.ts'
import { closedView, createConnectionView } from './connection-view.ts'

/** Sessions that nobody watches but whose state is kept, for going back to them. */
const MAX_KEPT = 32

export interface SessionsOptions {
  readonly environment: Environment
  readonly send: Send
  /** Told of every event of every session, and of what the hub says about the stream. */
  readonly tell: Listener
  /** How the one connection is to be kept up. */
  readonly line: Omit<ConnectionOptions, 'environment' | 'sink' | 'canPoll'>
}

/** All sessions of a client and the connection that carries those that are watched. */
export interface Sessions {
  session(sessionId: string): Session
  readonly connection: SessionConnection
  /** Who is signed in now. Another user, or none, wipes everything of the one before. */
  setUser(userId: string | null): void
  /** A session that the hub had closed exists again. */
  reopen(sessionId: string): void
  pause(): void
  resume(): void
  close(): void
}

export function createSessions({ environment, send, tell, line }: SessionsOptions): Sessions {
  const hosted = new Map<string, HostedSession>()
  const watched = new Set<string>()
  let user: string | null = null
  let isChanging = false

  const flushClock = createFlushClock(environment, () => {
    const damaged = [...hosted.values()].filter((session) => !session.flush())
    if (damaged.length > 0) connection.resync()
  })
  const carrier = createCarrier({
    find: (sessionId) => hosted.get(sessionId),
    watched: () => [...watched],
    flushClock,
    onControl: tell,
    isLive: () => connection.getState().phase === 'live',
  })
  const canPoll = line.transports.poll !== undefined
  const connection: Connection = createConnection({ ...line, environment, canPoll, sink: carrier })
  const views = createConnectionView(connection, line.transports)
  const unwatch = environment.watch((event) => {
    if (event === 'online') for (const session of hosted.values()) session.wake()
  })

  /** Once for all that changes in one go: a page mounts many watchers. */
  const changed = (): void => {
    if (isChanging) return
    isChanging = true
    queueMicrotask(() => {
      isChanging = false
      if (carrier.isEmpty()) return connection.pause('empty')
      connection.resume('empty')
      connection.start()
      if (carrier.isOutdated()) connection.change()
    })
  }

  /** Lets go of what was not watched for longest. */
  const trim = (): void => {
    const idle = [...hosted.keys()].filter((sessionId) => !watched.has(sessionId))
    for (const sessionId of idle.slice(0, Math.max(0, idle.length - MAX_KEPT))) hosted.delete(sessionId)
  }

  const host = (sessionId: string): HostedSession => {
    const session = createSession(sessionId, {
      environment,
      send,
      connection: sessionConnection(sessionId),
      onEvent: tell,
      requestFlush: flushClock.request,
      attach() {
        // Watched again, it is among the newest.
        hosted.delete(sessionId)
        hosted.set(sessionId, session)
        watched.add(sessionId)
        changed()
      },
      detach() {
        watched.delete(sessionId)
        trim()
        changed()
      },
    })
    session.onClosed(changed)
    hosted.set(sessionId, session)
    return session
  }

  const sessionConnection = (sessionId: string): SessionConnection => {
    let last: readonly [ConnectionView, ConnectionView] | undefined
    return {
      getSnapshot() {
        const view = views.getSnapshot()
        const code = hosted.get(sessionId)?.store.folded.closed ?? null
        if (code === null) return view
        if (last?.[0] !== view) last = [view, closedView(view, code)]
        return last[1]
      },
      getInitialSnapshot: views.getInitialSnapshot,
      subscribe(listener) {
        const leave = views.subscribe(listener)
        const forget = hosted.get(sessionId)?.onClosed(listener)
        return () => {
          leave()
          forget?.()
        }
      },
      retryNow() {
        reopen(sessionId)
        connection.retryNow()
      },
    }
  }

  const reopen = (sessionId: string): void => {
    hosted.get(sessionId)?.reopen()
    changed()
  }

  return {
    reopen,
    session: (sessionId) => (hosted.get(sessionId) ?? host(sessionId)).handle,
    connection: { ...views, retryNow: connection.retryNow },
    setUser(userId) {
      const isOther = user !== null && user !== userId
      user = userId
      if (isOther || userId === null) connection.pause('auth')
      if (isOther) for (const session of hosted.values()) session.wipe()
      if (userId === null) return
      connection.resume('auth')
      if (connection.getState().status === 'failed') connection.retryNow()
    },
    pause() {
      connection.pause('user')
    },
    resume() {
      connection.resume('user')
    },
    close() {
      unwatch()
      connection.close()
      flushClock.close()
    },
  }
}
