import type { ConnectionView } from '../connection/state.ts'
import type { Environment } from '../environment.ts'
import type { Keeper } from '../local/keeper.ts'
import type { OutboxEntry } from '../outbox/command.ts'
import type { Rest } from '../rest/rest.ts'
import { createSession } from '../session/create-session.ts'
import type { HostedSession } from '../session/create-session.ts'
import type { Listener } from '../session/listeners.ts'
import type { Session, SessionConnection, Unsubscribe } from '../session/session.ts'
import { createFlushClock } from '../store/flush-clock.ts'
import { closedView } from './connection-view.ts'
import { createLine } from './line.ts'
import type { Line, LineOptions } from './line.ts'
import { createObservers } from './observer.ts'
import type { Observer } from './observer.ts'

/** Sessions that nobody watches but whose state is kept, for going back to them. */
const MAX_KEPT = 32
/** What was kept from before is waited for so long before joining without it, ms. */
const RESTORE_MS = 150

export interface SessionsOptions {
  readonly environment: Environment
  readonly rest: Rest
  /** Told of every event of every session, and of what the hub says about the stream. */
  readonly tell: Listener
  readonly line: LineOptions
}

/** All sessions of a client, over one line. */
export interface Sessions {
  readonly line: Line
  session(sessionId: string): Session
  /** A session that the hub had closed exists again. */
  reopen(sessionId: string): void
  /** Begins to keep what is shown for after a reload, once it is open; shows what was kept. Must not reject. */
  keep(opening: Promise<Keeper | undefined>): void
  /** Keeps nothing any longer; closes what was kept in once `gone`. */
  unkeep(gone: Promise<void>): void
  /** Forgets everything; resolves when what was kept is gone, too. */
  wipe(): Promise<void>
  /** Commands that wait are to be tried now. */
  wake(): void
  /** Tells `observer` all that is received from now on, and first what is held. */
  observe(observer: Observer): Unsubscribe
  close(): void
}

export function createSessions({ environment, rest, tell, line: lineOptions }: SessionsOptions): Sessions {
  const hosted = new Map<string, HostedSession>()
  const watched = new Set<string>()
  const awaited = new Set<object>()
  const observers = createObservers()
  let keeper: Keeper | undefined

  const flushClock = createFlushClock(environment, () => {
    const damaged = [...hosted.values()].filter((session) => !session.flush())
    if (damaged.length > 0) line.resync()
  })

  const ensure = (sessionId: string): HostedSession => hosted.get(sessionId) ?? host(sessionId)

  const line = createLine(lineOptions, {
    environment,
    find: (sessionId) => hosted.get(sessionId),
    watched: () => [...watched],
    flushClock,
    observer: observers,
    onControl: tell,
    isReady: () => awaited.size === 0,
    ensure: (sessionId, isAsked) => {
      const session = ensure(sessionId)
      if (isAsked && session.store.folded.closed !== null) session.reopen()
    },
  })

  const wake = (): void => {
    for (const { commands } of hosted.values()) commands.loaded?.wake()
  }

  const unwatch = environment.watch((event) => {
    if (event === 'online') wake()
    if (event === 'pagehide' || event === 'hidden') keeper?.flush()
  })

  /** Lets go of what was not watched for longest, unless something waits to be sent there. */
  const trim = (): void => {
    const wanted = new Set([...watched, ...line.wanted()])
    const idle = [...hosted].filter(
      ([id, { commands }]) => !wanted.has(id) && !commands.entries.some(isUnsettled),
    )
    for (const [sessionId, session] of idle.slice(0, Math.max(0, idle.length - MAX_KEPT))) {
      session.close()
      hosted.delete(sessionId)
    }
  }

  /** Holds the first attempt back until `thing` has settled, or for a moment. `use` is not called after that. */
  const briefly = <T>(thing: Promise<T>, use: (value: T) => void): void => {
    const token = {}
    awaited.add(token)
    const done = (): void => {
      environment.clearTimer(timer)
      if (awaited.delete(token)) line.changed()
    }
    const timer = environment.setTimer(done, RESTORE_MS)
    thing
      .then((value) => {
        if (awaited.has(token)) use(value)
      }, environment.reportError)
      .finally(done)
  }

  /** Shows what was kept of a session, if it comes soon enough. */
  const restore = ({ handle, store }: HostedSession): void => {
    if (keeper === undefined || store.folded.loaded) return
    briefly(keeper.load(handle.id), (state) => {
      if (state !== undefined && store.restore(state)) observers.began(state)
      flushClock.request(true)
    })
  }

  const host = (sessionId: string): HostedSession => {
    const session = createSession(sessionId, {
      environment,
      rest,
      connection: connectionOf(sessionId),
      onEvent: tell,
      requestFlush: flushClock.request,
      record: () => keeper && { begin: keeper.begin.bind(keeper, sessionId), retract: keeper.retract },
      onChange({ store, commands }) {
        keeper?.note(store.folded.conversation)
        keeper?.noteOutbox(sessionId, commands.entries.filter(isUnsettled))
      },
      attach() {
        // Watched again, it is among the newest.
        hosted.delete(sessionId)
        hosted.set(sessionId, session)
        watched.add(sessionId)
        line.changed()
      },
      detach() {
        watched.delete(sessionId)
        trim()
        line.changed()
      },
    })
    session.onClosed(() => {
      if (session.store.folded.closed !== null) keeper?.forget(sessionId)
      line.changed()
    })
    hosted.set(sessionId, session)
    restore(session)
    return session
  }

  const reopen = (sessionId: string): void => {
    hosted.get(sessionId)?.reopen()
    line.changed()
  }

  /** The client's connection as one session sees it: the hub may have closed that one alone. */
  const connectionOf = (sessionId: string): SessionConnection => {
    let last: readonly [ConnectionView, ConnectionView] | undefined
    return {
      getSnapshot() {
        const view = line.view.getSnapshot()
        const code = hosted.get(sessionId)?.store.folded.closed ?? null
        if (code === null) return view
        if (last?.[0] !== view) last = [view, closedView(view, code)]
        return last[1]
      },
      getInitialSnapshot: line.view.getInitialSnapshot,
      subscribe(listener) {
        const leave = line.view.subscribe(listener)
        const forget = hosted.get(sessionId)?.onClosed(listener)
        return () => {
          leave()
          forget?.()
        }
      },
      retryNow() {
        reopen(sessionId)
        line.retryNow()
      },
    }
  }

  return {
    line,
    reopen,
    session: (sessionId) => ensure(sessionId).handle,
    keep(opening) {
      const use = (opened: Keeper | undefined): void => {
        if (opened === undefined || keeper !== undefined) return
        keeper = opened
        for (const session of hosted.values()) restore(session)
        void opened.loadOutbox().then((stored) => {
          if (keeper !== opened) return
          for (const sessionId of new Set(stored.map((command) => command.sessionId))) {
            const left = stored.filter((command) => command.sessionId === sessionId)
            // Without the code they wait in the browser for the next time.
            ensure(sessionId)
              .commands.use(({ restore: goOnWith }) => {
                goOnWith(left)
              })
              .catch(() => undefined)
          }
        })
      }
      briefly(opening, use)
      // It may come late: then it shows nothing from before, but keeps what is to come.
      void opening.then(use)
    },
    unkeep(gone) {
      const before = keeper
      keeper = undefined
      void gone.finally(() => before?.close())
    },
    async wipe() {
      observers.wiped()
      const gone = keeper?.wipe()
      for (const session of hosted.values()) session.wipe()
      await gone
    },
    wake,
    observe(observer) {
      // What was received and not folded yet came before it looked.
      flushClock.request(true)
      for (const { store } of hosted.values())
        if (store.folded.loaded) observer.began(store.folded.conversation)
      return observers.add(observer)
    },
    close() {
      unwatch()
      keeper?.close()
      line.close()
      flushClock.close()
      for (const session of hosted.values()) session.close()
    },
  }
}

/** A command that was neither accepted nor too late: it is to survive a reload. */
function isUnsettled({ state }: OutboxEntry): boolean {
  return state === 'pending' || state === 'rejected'
}
