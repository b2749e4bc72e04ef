import type { ConversationState } from '@throughline/protocol'
import type { OutboxEntry } from '../outbox/command.ts'

/** A command that waits to be accepted, and where it goes. */
export interface StoredCommand {
  readonly sessionId: string
  readonly entry: OutboxEntry
}

/** A command as it was left, and whether it was ever on its way. */
export interface LeftCommand extends StoredCommand {
  readonly sent: boolean
}

/**
 * What one user leaves in this browser: folded states, so that a reload paints at once and resumes from its cursor, and
 * commands that were not accepted yet.
 *
 * Nothing here may be relied on: a write that fails is forgotten, a read that fails finds nothing. None of it rejects.
 * All tabs of the user look at the same: what is done to one command happens one after the other.
 */
export interface LocalStore {
  loadSession(sessionId: string): Promise<ConversationState | undefined>
  saveSession(state: ConversationState): Promise<void>
  deleteSession(sessionId: string): Promise<void>
  loadOutbox(): Promise<readonly LeftCommand[]>
  /** Nothing when it was taken back. */
  saveCommand(stored: StoredCommand): Promise<void>
  /** It is over. */
  deleteCommand(id: string): Promise<void>
  /** Saves that it is on its way now. `false`: it was taken back, and is not to be sent. */
  beginCommand(stored: StoredCommand): Promise<boolean>
  /** Takes it back for all tabs. `true`: it is saved and none has begun it, or no tab can know of it. */
  discardCommand(id: string): Promise<boolean>
  /** Everything of the user. */
  wipe(): Promise<void>
  close(): void
}

/** Opens the store of one user. What other users left is removed. */
export type OpenLocalStore = (userId: string) => LocalStore
