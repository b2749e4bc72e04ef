import type { Envelope } from '@throughline/protocol'
import type { Environment } from '../environment.ts'
import { reader } from '../reading/load-reader.ts'
import type { Unsubscribe } from './session.ts'

export type Listener = (event: Envelope) => void

/** Who wants to know of which events. */
export interface Listeners {
  /** @param type `*` for all */
  on(type: string, listener: Listener): Unsubscribe
  /** Tells those concerned; one that throws is reported and disturbs nobody. */
  tell(event: Envelope): void
}

export function createListeners(environment: Environment): Listeners {
  const byType = new Map<string, Set<Listener>>()
  return {
    on(type, listener) {
      // Wrapped, so that one function given twice is called twice and each leaves by itself.
      const entry: Listener = (event) => {
        listener(event)
      }
      const set = byType.get(type) ?? new Set()
      byType.set(type, set.add(entry))
      return () => void set.delete(entry)
    },
    tell(event) {
      const { type } = event
      if (reader.isKnownEventType(type) && !reader.isEvent(event, type)) return
      for (const listener of [...(byType.get(type) ?? []), ...(byType.get('*') ?? [])]) {
        try {
          listener(event)
        } catch (error) {
          environment.reportError(error)
        }
      }
    },
  }
}
