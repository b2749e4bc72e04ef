import type { Envelope } from '@throughline/protocol'
import type { Environment, Timer } from '../environment.ts'
import { createLazyCommands } from '../outbox/lazy-commands.ts'
import type { LazyCommands } from '../outbox/lazy-commands.ts'
import type { CommandRecord } from '../outbox/command.ts'
import type { Rest } from '../rest/rest.ts'
import { createRing } from '../store/ring.ts'
import { SessionStore } from '../store/session-store.ts'
import { placeOf } from './branch.ts'
import { compose } from './compose.ts'
import type { SessionParts } from './compose.ts'
import { createHandle } from './handle.ts'
import { createListeners } from './listeners.ts'
import type { Listener } from './listeners.ts'
import type { Session, SessionConnection, Unsubscribe } from './session.ts'

export interface SessionHost {
  readonly environment: Environment
  readonly rest: Rest
  readonly connection: SessionConnection
  /** Somebody began to watch; nobody has for a while. */
  readonly attach: () => void
  readonly detach: () => void
  /** Something is to be shown. */
  readonly requestFlush: (urgent: boolean) => void
  /** An event was folded. */
  readonly onEvent: Listener
  /** What other tabs know of its commands; `undefined` where there is nothing that tabs share. */
  readonly record: () => CommandRecord | undefined
  /** The conversation, or what waits to be sent, is another one now. */
  readonly onChange: (session: HostedSession) => void
}

/** A session as the client holds it. */
export interface HostedSession {
  readonly handle: Session
  readonly store: SessionStore
  readonly commands: LazyCommands
  /** Folds and shows what was received. `false`: something was lost. */
  flush(): boolean
  /** Calls when the hub closed or reopened the session; keeps nothing open. */
  onClosed(listener: () => void): Unsubscribe
  /** What the hub closed is to be tried again. */
  reopen(): void
  /** Ends its timers; nothing is sent any longer. */
  close(): void
  /** Forgets everything of its user. */
  wipe(): void
}

export function createSession(sessionId: string, host: SessionHost): HostedSession {
  const { environment } = host
  const listeners = createListeners(environment)
  const watchers = new Set<() => void>()
  const recent = createRing<Envelope>()
  const store = new SessionStore(sessionId)
  const closedWatchers = new Set<() => void>()
  let isClosed = false
  let choices: ReadonlyMap<string, string> = new Map()
  let lapse: Timer

  const commands = createLazyCommands({
    sessionId,
    environment,
    send: host.rest.send,
    getSnapshot: () => snapshot,
    onChange: host.requestFlush,
    record: host.record,
    onBranch(message) {
      const place = placeOf(message)
      if (choices.has(place)) choices = new Map([...choices].filter(([chosen]) => chosen !== place))
    },
  })
  const partsNow = (): SessionParts => ({
    folded: store.folded,
    outgoing: commands.outgoing,
    outbox: commands.entries,
    choices,
  })
  let shown = partsNow()
  const initial = compose(shown)
  let snapshot = initial

  const show = (): void => {
    const parts = partsNow()
    const names = ['folded', 'outgoing', 'outbox', 'choices'] as const
    if (names.every((name) => parts[name] === shown[name])) return
    shown = parts
    snapshot = compose(parts, snapshot)
    awaitLapse()
    for (const watcher of [...watchers]) watcher()
    host.onChange(hosted)
  }

  const flush = (): boolean => {
    const { events, intact } = store.fold(environment.now())
    const { conversation, closed } = store.folded
    if (commands.outgoing.length > 0) {
      const arrived = new Set(conversation.messages.map(({ id }) => id))
      commands.loaded?.arrived((id) => arrived.has(id))
    }
    show()
    if (isClosed !== (closed !== null)) {
      isClosed = !isClosed
      for (const watcher of [...closedWatchers]) watcher()
    }
    for (const event of events) {
      recent.push(event)
      listeners.tell(event)
      host.onEvent(event)
    }
    return intact
  }

  const awaitLapse = (): void => {
    environment.clearTimer(lapse)
    const at = Math.min(...store.folded.activity.map(({ lapsesAt }) => lapsesAt))
    const request = (): void => {
      host.requestFlush(true)
    }
    lapse = at === Infinity ? undefined : environment.setTimer(request, at - environment.now())
  }

  const { handle, close } = createHandle({
    ...host,
    sessionId,
    store,
    commands,
    listeners,
    watchers,
    recent,
    initial,
    getSnapshot: () => snapshot,
    choose(message) {
      choices = new Map(choices).set(placeOf(message), message.id)
    },
  })

  const hosted: HostedSession = {
    handle,
    store,
    commands,
    flush,
    onClosed(listener) {
      closedWatchers.add(listener)
      return () => void closedWatchers.delete(listener)
    },
    reopen() {
      store.reopen()
      flush()
    },
    close() {
      close()
      environment.clearTimer(lapse)
      commands.loaded?.close()
    },
    wipe() {
      store.wipe()
      recent.clear()
      choices = new Map()
      commands.clear()
      flush()
    },
  }
  return hosted
}
