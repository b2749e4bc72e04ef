import type { Envelope, Message } from '@throughline/protocol'
import type { Timer } from '../environment.ts'
import type { LazyCommands } from '../outbox/lazy-commands.ts'
import type { Ring } from '../store/ring.ts'
import type { SessionStore } from '../store/session-store.ts'
import { siblingLists } from './branch.ts'
import type { SessionHost } from './create-session.ts'
import { iterateEvents } from './event-iterator.ts'
import type { Listener, Listeners } from './listeners.ts'
import type { EventOf, EventsOptions, Session, Unsubscribe } from './session.ts'
import type { SessionSnapshot } from './snapshot.ts'
import { createVerbs } from './verbs.ts'

/** A session that nobody watches is carried this much longer: remounting and going back cost nothing. */
const LINGER_MS = 30_000

const NO_SIBLINGS: readonly string[] = []

export interface HandleOptions extends SessionHost {
  readonly sessionId: string
  readonly store: SessionStore
  readonly commands: LazyCommands
  readonly listeners: Listeners
  readonly watchers: Set<() => void>
  readonly recent: Ring<Envelope>
  readonly initial: SessionSnapshot
  readonly getSnapshot: () => SessionSnapshot
  /** This message's branch is to be shown. */
  readonly choose: (message: Message) => void
}

/** What the application holds of a session, and how long it is carried for it. */
export function createHandle(options: HandleOptions): { readonly handle: Session; close(): void } {
  const { environment, sessionId, store, commands, listeners, watchers, recent } = options
  const { initial, getSnapshot, choose, requestFlush } = options
  let watching = 0
  let listed: readonly Message[] = []
  let siblings: ReadonlyMap<string, readonly string[]> = new Map()
  let linger: Timer

  const watch = (leave: Unsubscribe): Unsubscribe => {
    environment.clearTimer(linger)
    if (watching++ === 0) {
      commands.load()
      options.attach()
    }
    let isHere = true
    return () => {
      leave()
      if (!isHere) return
      isHere = false
      if (--watching === 0) linger = environment.setTimer(options.detach, LINGER_MS)
    }
  }
  const on = (type: string, listener: Listener): Unsubscribe => watch(listeners.on(type, listener))
  const find = (messageId: string): Message | undefined =>
    getSnapshot().messages.find(({ id }) => id === messageId)

  const handle: Session = {
    id: sessionId,
    connection: options.connection,
    getSnapshot,
    getInitialSnapshot: () => initial,
    subscribe(watcher) {
      const entry = (): void => {
        watcher()
      }
      watchers.add(entry)
      return watch(() => void watchers.delete(entry))
    },
    ...createVerbs(commands),
    selectBranch(messageId) {
      const chosen = find(messageId)
      if (chosen === undefined) return
      choose(chosen)
      requestFlush(true)
    },
    siblings(messageId) {
      const { messages } = getSnapshot()
      if (messages !== listed) siblings = siblingLists((listed = messages), siblings)
      return siblings.get(messageId) ?? NO_SIBLINGS
    },
    async loadOlder() {
      const { messages, hasOlder } = getSnapshot()
      const oldest = messages[0]
      if (!hasOlder || oldest === undefined) return false
      const page = await options.rest.sessions.olderMessages(sessionId, oldest.offset)
      store.addOlder(page.messages, page.before === undefined)
      requestFlush(true)
      return page.messages.length > 0
    },
    on,
    events: <T extends string>({ types, signal }: EventsOptions<T> = {}) => {
      const isWanted = ({ type }: Envelope): boolean =>
        type === 'session_closed' || types?.some((wanted) => wanted === type) !== false
      const subscribe = (listener: Listener): Unsubscribe =>
        on('*', (event) => {
          if (isWanted(event)) listener(event)
        })
      return iterateEvents({ subscribe, signal }) as AsyncIterable<EventOf<T>>
    },
    getRecent: recent.recent,
  }
  return {
    handle,
    close() {
      environment.clearTimer(linger)
    },
  }
}
