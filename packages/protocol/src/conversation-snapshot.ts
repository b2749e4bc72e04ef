import { conversationShape } from './conversation-shape.ts'
import { REDUCER_VERSION } from './conversation-state.ts'
import type { ConversationState } from './conversation-state.ts'
import { fits } from './shape.ts'

/** Makes a state of the next reducer version out of one of its own; throws or answers nonsense when it cannot. */
export type SnapshotMigration = (state: unknown) => unknown

/** By the version they start from. */
export const SNAPSHOT_MIGRATIONS: Readonly<Record<number, SnapshotMigration>> = {
  // Runs learnt what they were told.
  1: (state) => {
    const { runs, ...rest } = state as { runs: readonly object[] }
    return { ...rest, runs: runs.map((run) => ({ ...run, answers: [] })) }
  },
}

/**
 * Reads a stored or received state, migrated from `reducerVersion` to this one.
 *
 * `undefined` when it is malformed, newer than this reducer, or no migration leads here: rebuild it from the log,
 * or ask for another.
 */
export function parseSnapshot(
  reducerVersion: number,
  text: string,
  migrations: Readonly<Record<number, SnapshotMigration>> = SNAPSHOT_MIGRATIONS,
): ConversationState | undefined {
  try {
    const state = migrate(reducerVersion, JSON.parse(text), migrations)
    return fits(conversationShape, state) ? state : undefined
  } catch {
    return undefined
  }
}

function migrate(
  from: number,
  state: unknown,
  migrations: Readonly<Record<number, SnapshotMigration>>,
): unknown {
  if (from === REDUCER_VERSION) return state
  const step = from < REDUCER_VERSION ? migrations[from] : undefined
  return step === undefined ? undefined : migrate(from + 1, step(state), migrations)
}
