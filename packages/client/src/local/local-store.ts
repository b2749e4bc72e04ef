import type { ConversationState } from '@throughline/protocol'
import type { OutboxEntry } from '../outbox/command.ts'

/** A command that waits to be accepted, and where it goes. */
export interface StoredCommand {
  readonly sessionId: string
  readonly entry: OutboxEntry
}

/**
 * What one user leaves in this browser: folded states, so that a reload paints at once and resumes from its cursor, and
 * commands that were not accepted yet.
 *
 * Nothing here may be relied on: a write that fails is forgotten, a read that fails finds nothing. None of it rejects.
 */
export interface LocalStore {
  loadSession(sessionId: string): Promise<ConversationState | undefined>
  saveSession(state: ConversationState): Promise<void>
  deleteSession(sessionId: string): Promise<void>
  loadOutbox(): Promise<readonly StoredCommand[]>
  saveCommand(stored: StoredCommand): Promise<void>
  deleteCommand(id: string): Promise<void>
  /** Everything of the user. */
  wipe(): Promise<void>
  close(): void
}

/** Opens the store of one user. What other users left is removed. */
export type OpenLocalStore = (userId: string) => LocalStore
