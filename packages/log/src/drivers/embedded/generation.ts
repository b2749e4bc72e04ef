import { randomBytes } from 'node:crypto'
import { GENERATION_KEY } from './keys.ts'
import type { Machine } from './machine.ts'
import type { Mark } from './mark.ts'
import { sealRecord, unsealRecord } from './seal.ts'
import type { Store } from './store.ts'

/** Why every stream begins a new epoch. PROTOCOL.md §10. */
export type NewGenerationReason =
  /** The store is new. */
  | 'created'
  /** Nothing says what the store was when it was closed: it is a backup, or was put together by hand. */
  | 'unmarked'
  /** The directory was copied or moved, or files were copied back into it. */
  | 'moved'
  /** It is on another machine. */
  | 'other-machine'
  /** The machine stopped while it was open: what had not reached the disk is lost. */
  | 'machine-stopped'
  /** Fewer commits are there than were made. */
  | 'rolled-back'

export interface Findings {
  readonly mark: Mark | undefined
  readonly machine: Machine
  readonly files: string
  /** Number of the last commit in the store. */
  readonly commit: number
}

/** Why clients must not go on where they were; `undefined` when they may. */
export function newGenerationReason({
  mark,
  machine,
  files,
  commit,
}: Findings): NewGenerationReason | undefined {
  if (mark === undefined) return commit === 0 ? 'created' : 'unmarked'
  if (mark.machineId !== machine.machineId) return 'other-machine'
  if (commit < mark.commit) return 'rolled-back'
  if (mark.files !== files) return 'moved'
  const sameBoot = mark.bootId === machine.bootId && machine.bootId !== ''
  return mark.clean || mark.synced || sameBoot ? undefined : 'machine-stopped'
}

interface GenerationRecord {
  readonly id: string
}

/** The generation in force; `undefined` in a new store. */
export async function loadGeneration(store: Store): Promise<string | undefined> {
  const sealed = await store.get(GENERATION_KEY)
  return sealed === undefined ? undefined : (unsealRecord(GENERATION_KEY, sealed) as GenerationRecord).id
}

/** Begins another generation, for good before it returns. */
export async function renewGeneration(store: Store): Promise<string> {
  const record: GenerationRecord = { id: randomBytes(12).toString('base64url') }
  const value = sealRecord(GENERATION_KEY, record)
  await store.write([{ type: 'put', key: GENERATION_KEY, value }], { sync: true })
  return record.id
}
