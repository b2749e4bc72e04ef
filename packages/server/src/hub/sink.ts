/** Why a stream was closed by the hub. */
export type CloseReason =
  'left' | 'ended' | 'expired' | 'revoked' | 'lagging' | 'lifetime' | 'draining' | 'failed'

/** Where a subscriber's frames go: a Node socket or a web stream. It keeps no queue of its own. */
export interface Sink {
  /** Takes whole frames. After `'blocked'` nothing is written until `onDrain`. */
  write(frames: Uint8Array): 'ok' | 'blocked'
  /** Called each time a blocked sink can take more. Set once. */
  onDrain(listener: () => void): void
  /** Called once when the reader left. Set once. */
  onClose(listener: () => void): void
  /** Ends the response cleanly; idempotent. */
  close(reason: CloseReason): void
}
