import type { LogDriver } from '../../log-driver.ts'
import type { EmbeddedOptions } from '../embedded.ts'
import { createAppend } from './appends.ts'
import { checkStore, type CheckReport } from './check.ts'
import { Commits } from './commits.ts'
import type { EmbeddedContext } from './context.ts'
import { backupStore, type BackupReport } from './data-tools.ts'
import { StorageFailure, storageFailed } from './failures.ts'
import type { NewGenerationReason } from './generation.ts'
import { PROBE_KEY } from './keys.ts'
import { createLeases } from './leases.ts'
import { closeLog, openLog, storeDirectory, type OpenLog } from './open.ts'
import { createReads } from './reads.ts'
import { createRemovals } from './removals.ts'
import { startScrub, type Scrub } from './scrub.ts'
import { createSessions } from './sessions.ts'
import { createSnapshots } from './snapshots.ts'
import type { Store } from './store.ts'
import { loadCell, putRecord } from './stream-record.ts'
import { Streams } from './streams.ts'
import { Sweeper } from './sweeper.ts'
import { startWitness, type Witness } from './witness.ts'

/** A log in a folder. */
export interface EmbeddedDriver extends LogDriver {
  /** Why every stream began a new epoch when it was opened; `undefined` when none did. */
  readonly renewed: NewGenerationReason | undefined
  /** Looks at everything in the log, as it is now. */
  check(): Promise<CheckReport>
  /** Copies the log as it is now into an empty folder; appends go on meanwhile. */
  backup(target: string): Promise<BackupReport>
}

/** What a test may replace. */
export interface EmbeddedParts {
  readonly wrapStore?: (store: Store) => Store
}

const MAX_CACHED_STREAMS = 20_000

/** `openEmbedded`, with parts to replace. */
export async function createEmbedded(
  options: EmbeddedOptions,
  parts: EmbeddedParts = {},
): Promise<EmbeddedDriver> {
  const { directory, durability = 'os', maxCachedStreams = MAX_CACHED_STREAMS } = options
  const sync = durability === 'fsync'
  const log = await openLog({
    directory,
    sync,
    ...(options.machine && { machine: options.machine }),
    ...parts,
  })
  const context = createContext(log, { directory, sync, maxCached: maxCachedStreams })
  let closing: Promise<void> | undefined
  const dispose = (): Promise<void> => (closing ??= close(directory, log, context))
  try {
    await context.sweeper.resume()
  } catch (error) {
    await dispose()
    throw error
  }

  return {
    name: 'embedded',
    durability,
    exclusive: true,
    renewed: log.renewed,
    append: createAppend(context),
    ...createReads(context),
    ...createSnapshots(context),
    ...createRemovals(context),
    sessions: createSessions(context),
    leases: createLeases(context),
    healthy: () => probe(context),
    check: () => checkFrozen(log.store),
    backup: (target) => backupStore(log.store, target),
    dispose,
  }
}

async function checkFrozen(store: Store): Promise<CheckReport> {
  const frozen = store.freeze()
  try {
    return await checkStore(frozen)
  } finally {
    await frozen.close()
  }
}

interface OwnedContext extends EmbeddedContext {
  readonly witness: Witness
  readonly scrub: Scrub
}

function createContext(
  log: OpenLog,
  { directory, sync, maxCached }: { directory: string; sync: boolean; maxCached: number },
): OwnedContext {
  const { store, runs, generation } = log
  const onFailure = (error: unknown): void => {
    if (error instanceof StorageFailure) commits.fail(error)
  }
  const witness = startWitness(
    log.marks,
    () => commits.last,
    (error) => {
      commits.fail(storageFailed(error))
    },
  )
  const commits = new Commits({ store, sync, last: log.lastCommit, onCommit: witness.note })
  return {
    store,
    runs,
    generation,
    commits,
    witness,
    scrub: startScrub({ directory, store: storeDirectory(directory), later: log.uncheckedTables, onFailure }),
    sweeper: new Sweeper(store, commits, onFailure),
    streams: new Streams({ load: (name) => loadCell(store, name, generation), maxCached, onFailure }),
    watch(reading) {
      reading.catch(onFailure)
      return reading
    },
  }
}

/** Writes something, to see that it can be. */
async function probe({ commits }: EmbeddedContext): Promise<void> {
  const batch = commits.batch()
  batch.put(PROBE_KEY, '')
  await batch.done(() => undefined)
}

async function close(directory: string, log: OpenLog, context: OwnedContext): Promise<void> {
  const { streams, sweeper, commits, witness, scrub } = context
  streams.close()
  await sweeper.stop()
  const clean = await recordHeads(context).then(
    () => true,
    () => false,
  )
  await commits.close()
  await Promise.all([witness.stop(), scrub.stop()])
  await closeLog(directory, log, { clean, commit: commits.last })
}

/** So that the next open knows where each stream has to end. */
async function recordHeads({ streams, commits }: EmbeddedContext): Promise<void> {
  const batch = commits.batch()
  for (const cell of streams.cells()) {
    if (cell.tombstone === undefined && cell.head !== cell.recordedHead) putRecord(batch, cell)
  }
  await batch.done(() => undefined)
}
