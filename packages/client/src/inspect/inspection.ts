import { serializeSnapshot } from '@throughline/protocol'
import { defaultEnvironment } from '../environment.ts'
import type { Environment, Timer } from '../environment.ts'
import type { Unsubscribe } from '../session/session.ts'
import type { StreamClient } from '../stream-client.ts'
import type { Capture } from './capture.ts'
import { connectionChanges, connectionShown } from './entry.ts'
import type { InspectionEntry } from './entry.ts'
import { createEntryList } from './entry-list.ts'

/** How much an inspection holds. */
export interface InspectionOptions {
  /** Newest entries held. Default 5,000. */
  readonly capacity?: number
  /** Text of the entries held, in characters: older ones go. Default 16 Mi. */
  readonly maxLength?: number
  /** Time; injected by tests. Default: the platform's. */
  readonly environment?: Pick<Environment, 'now' | 'setTimer' | 'clearTimer'>
}

/**
 * A feed of all that happens on a client's line, oldest first, bounded.
 *
 * Signing out empties it: nothing of a user stays.
 */
export interface Inspection {
  /** What is held, as of the last call of a listener, which is when it becomes another list. */
  getSnapshot(): readonly InspectionEntry[]
  /** The newest, oldest first. @param count default 50 */
  getRecent(count?: number): readonly InspectionEntry[]
  /** Calls when there is more, at most every 100 ms. */
  subscribe(listener: () => void): Unsubscribe
  /** What is held now, to step through with `foldAt` or to write to a file with `exportCapture`. */
  capture(): Capture
  /** Notes nothing any longer and costs nothing. What is held stays. */
  close(): void
}

/** Least time between two calls of a listener, ms. */
const TELL_MS = 100
/** What an entry about the connection counts for, in characters. */
const CONNECTION_LENGTH = 256

/** Begins to note what happens on `client`'s line, from what its sessions hold now, until `close`. */
export function createInspection(client: StreamClient, options: InspectionOptions = {}): Inspection {
  const { capacity = 5_000, maxLength = 16 * 1_048_576, environment = defaultEnvironment() } = options
  const listeners = new Set<() => void>()
  const list = createEntryList(capacity, maxLength)
  const { connection } = client
  let view = connectionShown(connection.getSnapshot())
  let shown: readonly InspectionEntry[] = []
  let number = 0
  let timer: Timer

  const show = (): void => {
    environment.clearTimer(timer)
    timer = undefined
    shown = list.read().entries
    for (const listener of [...listeners]) listener()
  }
  const note = (entry: WithoutPlace<InspectionEntry>, length: number): void => {
    list.push({ number: ++number, at: environment.now(), ...entry }, length)
    if (listeners.size > 0) timer ??= environment.setTimer(show, TELL_MS)
  }

  const leave = connection.subscribe(() => {
    const next = connectionShown(connection.getSnapshot())
    const changed = connectionChanges(view, next)
    view = next
    if (changed.length > 0) note({ kind: 'connection', changed, ...next }, CONNECTION_LENGTH)
  })
  note({ kind: 'connection', changed: ['status'], ...view }, CONNECTION_LENGTH)
  const unobserve = client.observe({
    received(envelope, receipt, length) {
      note(
        {
          kind: 'event',
          envelope,
          cursor: envelope.id ?? null,
          receipt,
          lagMs: environment.now() - envelope.timestamp,
          isLive: view.phase === 'live',
          via: view.role === 'follower' ? 'tab' : 'connection',
        },
        length === 0 ? JSON.stringify(envelope).length : length,
      )
    },
    began(conversation) {
      note({ kind: 'state', conversation }, serializeSnapshot(conversation).length)
    },
    wiped() {
      list.clear()
      show()
    },
  })

  return {
    getSnapshot: () => shown,
    getRecent(count = 50) {
      return count > 0 ? list.read().entries.slice(-count) : []
    },
    subscribe(listener) {
      const entry = (): void => {
        listener()
      }
      listeners.add(entry)
      shown = list.read().entries
      return () => {
        listeners.delete(entry)
        if (listeners.size > 0) return
        environment.clearTimer(timer)
        timer = undefined
      }
    },
    capture: () => ({ takenAt: environment.now(), ...list.read() }),
    close() {
      leave()
      unobserve()
      environment.clearTimer(timer)
    },
  }
}

/** An entry before it was given its place. */
type WithoutPlace<E> = E extends InspectionEntry ? Omit<E, 'number' | 'at'> : never
