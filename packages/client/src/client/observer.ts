import type { ConversationState, Envelope } from '@throughline/protocol'
import type { Unsubscribe } from '../session/session.ts'
import type { Receipt } from '../store/session-store.ts'

/** Who is told what a client receives, before it is folded. `@throughline/client/inspect` is one. */
export interface Observer {
  /** Every event that comes, of any kind. @param length of its text; 0 when it came from another tab */
  received(envelope: Envelope, receipt: Receipt, length: number): void
  /** What a session goes on from: what it held when the observer came, or what was kept from before. */
  began(conversation: ConversationState): void
  /** Nothing of the user may stay: nobody is signed in any longer. */
  wiped(): void
}

/** The observers of a client. One that throws is not forgiven: it is part of the client. */
export interface Observers extends Observer {
  add(observer: Observer): Unsubscribe
}

export function createObservers(): Observers {
  const observers = new Set<Observer>()
  return {
    add(observer) {
      observers.add(observer)
      return () => void observers.delete(observer)
    },
    received(envelope, receipt, length) {
      for (const observer of observers) observer.received(envelope, receipt, length)
    },
    began(conversation) {
      for (const observer of observers) observer.began(conversation)
    },
    wiped() {
      for (const observer of observers) observer.wiped()
    },
  }
}
