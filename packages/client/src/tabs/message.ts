import { StreamError } from '@throughline/protocol'
import type { Cursor, Envelope } from '@throughline/protocol'
import type { ConnectionView } from '../connection/state.ts'
import { reader } from '../reading/load-reader.ts'
import type { SessionCursor } from '../transports/transport.ts'

/** What tabs say to one another. */
export type TabMessage =
  /** The leader: what it carries stands like this; an answer to everything that a tab says. */
  | {
      readonly kind: 'lead'
      readonly tab: string
      readonly view: PlainView
      readonly heads: Readonly<Record<string, Cursor>>
    }
  /** The leader: events as they came, for all or for one tab. */
  | { readonly kind: 'events'; readonly to?: string; readonly envelopes: readonly Envelope[] }
  /** A follower: these sessions are watched here, and this is where they stand. */
  | {
      readonly kind: 'want'
      readonly tab: string
      readonly visible: boolean
      readonly sessions: readonly SessionCursor[]
    }
  /** A follower: is anybody there? */
  | { readonly kind: 'ping'; readonly tab: string; readonly visible: boolean }
  /** A follower: a person does not want to wait. */
  | { readonly kind: 'retry' }
  /** A tab is gone. */
  | { readonly kind: 'bye'; readonly tab: string }

/** A view as it can be cloned. */
export type PlainView = Omit<ConnectionView, 'error'> & { readonly message: string | null }

/** Reads what came from another tab, which may run older or newer code; `undefined` when it is nothing of ours. */
export function readTabMessage(message: unknown): TabMessage | undefined {
  if (typeof message !== 'object' || message === null || !('kind' in message)) return undefined
  const kinds: readonly unknown[] = ['lead', 'events', 'want', 'ping', 'retry', 'bye']
  return kinds.includes(message.kind) ? (message as TabMessage) : undefined
}

export function plainView({ error, ...view }: ConnectionView): PlainView {
  return { ...view, message: error?.message ?? null }
}

/** The leader's view as a follower shows it. */
export function followerView({ message, ...view }: PlainView): ConnectionView {
  const { code } = view
  const error = message === null || !reader.isStreamErrorCode(code) ? null : new StreamError(code, message)
  return { ...view, error, role: 'follower' }
}
