import { StreamError } from '@throughline/protocol'
import type { Envelope } from '@throughline/protocol'
import type { Environment, Timer } from '../environment.ts'
import { createOutbox } from '../outbox/outbox.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { Send } from '../rest/request.ts'
import { createSessionsApi, sessionPath } from '../rest/sessions-api.ts'
import { createRing } from '../store/ring.ts'
import { SessionStore } from '../store/session-store.ts'
import type { CommandAccepted } from '@throughline/protocol'
import { placeOf } from './branch.ts'
import { createCommands } from './commands.ts'
import { compose } from './compose.ts'
import type { SessionParts } from './compose.ts'
import { iterateEvents } from './event-iterator.ts'
import { createListeners } from './listeners.ts'
import type { Listener } from './listeners.ts'
import type { EventOf, SendOptions, Session, SessionConnection, Unsubscribe } from './session.ts'

/** A session that nobody watches is carried this much longer: remounting and going back cost nothing. */
const LINGER_MS = 30_000

export interface SessionHost {
  readonly environment: Environment
  readonly send: Send
  readonly connection: SessionConnection
  /** Somebody began to watch; nobody has for a while. */
  readonly attach: () => void
  readonly detach: () => void
  /** Something is to be shown. */
  readonly requestFlush: (urgent: boolean) => void
  /** An event was folded. */
  readonly onEvent: Listener
  /** The conversation, or what waits to be sent, is another one now. */
  readonly onChange: (session: HostedSession) => void
}

/** A session as the client holds it. */
export interface HostedSession {
  readonly handle: Session
  readonly store: SessionStore
  readonly outbox: Outbox
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
  const { environment, send } = host
  const listeners = createListeners(environment)
  const watchers = new Set<() => void>()
  const recent = createRing<Envelope>()
  const api = createSessionsApi(send)
  const store = new SessionStore(sessionId)
  const closedWatchers = new Set<() => void>()
  let isClosed = false
  let choices: ReadonlyMap<string, string> = new Map()
  let watching = 0
  let linger: Timer
  let lapse: Timer

  const outbox = createOutbox({
    environment,
    post: async (body) =>
      (await send('POST', sessionPath(sessionId, '/messages'), { body })) as CommandAccepted,
    onChange: () => {
      host.requestFlush(true)
    },
  })
  const initial = compose({ folded: store.folded, outgoing: [], choices })
  let snapshot = initial

  let shown: SessionParts = { folded: store.folded, outgoing: outbox.entries, choices }

  const flush = (): boolean => {
    const now = environment.now()
    const { events, intact } = store.fold(now)
    const { folded } = store
    if (outbox.entries.length > 0) {
      const arrived = new Set(folded.conversation.messages.map(({ id }) => id))
      outbox.arrived((id) => arrived.has(id))
    }
    const parts = { folded, outgoing: outbox.entries, choices }
    if (parts.folded !== shown.folded || parts.outgoing !== shown.outgoing || choices !== shown.choices) {
      shown = parts
      snapshot = compose(parts, snapshot)
      awaitLapse(now)
      for (const watcher of [...watchers]) watcher()
      host.onChange(hosted)
    }
    if (isClosed !== (folded.closed !== null)) {
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

  const awaitLapse = (now: number): void => {
    environment.clearTimer(lapse)
    const at = Math.min(...store.folded.activity.map(({ lapsesAt }) => lapsesAt))
    lapse = at === Infinity ? undefined : environment.setTimer(() => host.requestFlush(true), at - now)
  }

  /** Shows the newest branch at a place, whatever was chosen there. */
  const unchoose = (place: string): void => {
    if (!choices.has(place)) return
    choices = new Map([...choices].filter(([chosen]) => chosen !== place))
  }

  const watch = (leave: Unsubscribe): Unsubscribe => {
    environment.clearTimer(linger)
    if (watching++ === 0) host.attach()
    let isHere = true
    return () => {
      leave()
      if (!isHere) return
      isHere = false
      if (--watching === 0) linger = environment.setTimer(host.detach, LINGER_MS)
    }
  }

  const on = (type: string, listener: Listener): Unsubscribe => watch(listeners.on(type, listener))

  const message = (id: string) => snapshot.messages.find((other) => other.id === id)

  const submit = ({ content, attachments = [], parentId }: SendOptions): Promise<CommandAccepted> => {
    const last = snapshot.branch.at(-1)?.id ?? (snapshot.loaded ? null : undefined)
    const place = parentId === undefined ? last : parentId
    unchoose(placeOf({ role: 'user', parentId: place ?? null }))
    return outbox.send({
      id: environment.uuid(),
      content,
      attachments,
      createdAt: environment.now(),
      state: 'sending',
      error: null,
      ...(place === undefined ? {} : { parentId: place }),
    })
  }

  const commands = createCommands({
    sessionId,
    environment,
    send,
    getConversation: () => snapshot.conversation,
  })

  const handle: Session = {
    id: sessionId,
    connection: host.connection,
    getSnapshot: () => snapshot,
    getInitialSnapshot: () => initial,
    subscribe(watcher) {
      const entry = (): void => {
        watcher()
      }
      watchers.add(entry)
      return watch(() => void watchers.delete(entry))
    },
    ...commands,
    regenerate(messageId) {
      const replaced = message(messageId)
      if (replaced !== undefined) unchoose(placeOf(replaced))
      return commands.regenerate(messageId)
    },
    send: submit,
    retry: outbox.retry,
    discard: outbox.discard,
    edit(messageId, content) {
      const edited = message(messageId)
      if (edited?.role === 'user') {
        const { parentId, attachments } = edited
        return submit({ content, parentId, attachments })
      }
      return Promise.reject(new StreamError('not_found', 'Only a message that a person wrote can be edited.'))
    },
    selectBranch(messageId) {
      const chosen = message(messageId)
      if (chosen === undefined) return
      choices = new Map(choices).set(placeOf(chosen), messageId)
      host.requestFlush(true)
    },
    siblings(messageId) {
      const place = message(messageId)
      if (place === undefined) return []
      return snapshot.messages.filter((other) => placeOf(other) === placeOf(place)).map(({ id }) => id)
    },
    async loadOlder() {
      const oldest = snapshot.messages[0]
      if (!snapshot.hasOlder || oldest === undefined) return false
      const { messages, before } = await api.olderMessages(sessionId, oldest.offset)
      store.addOlder(messages, before === undefined)
      host.requestFlush(true)
      return messages.length > 0
    },
    on,
    events: <T extends string>({ types, signal }: { types?: readonly T[]; signal?: AbortSignal } = {}) => {
      const subscribe = (listener: Listener): Unsubscribe =>
        on('*', (event) => {
          if (
            types === undefined ||
            event.type === 'session_closed' ||
            types.some((type) => type === event.type)
          ) {
            listener(event)
          }
        })
      return iterateEvents({ subscribe, signal }) as AsyncIterable<EventOf<T>>
    },
    getRecent: recent.recent,
  }

  const hosted: HostedSession = {
    handle,
    store,
    outbox,
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
      environment.clearTimer(linger)
      environment.clearTimer(lapse)
      outbox.close()
    },
    wipe() {
      store.wipe()
      recent.clear()
      choices = new Map()
      outbox.clear()
      flush()
    },
  }
  return hosted
}
