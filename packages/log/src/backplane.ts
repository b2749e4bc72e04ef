import type { Envelope, Position } from '@throughline/protocol'
import type { StoredEvent } from './log-driver.ts'

/** What one process tells the others. Losing, doubling or reordering any of it costs latency, never data. */
export type Hint =
  /** A stream grew to `head`; `events` are its newest when they are at hand. */
  | {
      readonly kind: 'grew'
      readonly stream: string
      readonly head: Position
      readonly events?: readonly StoredEvent[]
    }
  /** A stream ended (deleted) or was re-incarnated. */
  | { readonly kind: 'closed'; readonly stream: string }
  | { readonly kind: 'ephemeral'; readonly stream: string; readonly envelope: Envelope }
  /** A run waits for an owner. */
  | { readonly kind: 'queued' }
  /** A login ended: of one `sid`, or all of a user but the one of `except`. */
  | { readonly kind: 'revoked'; readonly userId: string; readonly sid?: string; readonly except?: string }

/** Carries hints between processes. */
export interface Backplane {
  readonly name: string
  publish(hint: Hint): void | Promise<void>
  /** Calls `onHint` for every hint of any process, this one included. */
  subscribe(onHint: (hint: Hint) => void): () => void
  close(): Promise<void>
}
