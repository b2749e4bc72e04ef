import type { LogDriver } from '../log-driver.ts'
import { createEmbedded, type EmbeddedDriver } from './embedded/driver.ts'
import type { Machine } from './embedded/machine.ts'

export { describeCheck, type CheckReport, type Problem } from './embedded/check.ts'
export { backupLog, checkLog, repairLog, restoreLog, type BackupReport } from './embedded/data-tools.ts'
export type { EmbeddedDriver } from './embedded/driver.ts'
export type { NewGenerationReason } from './embedded/generation.ts'
export type { Machine } from './embedded/machine.ts'

export interface EmbeddedOptions {
  /** Folder of the log, created when it is missing. One process at a time. */
  readonly directory: string
  /** `os`: acknowledged appends survive the process; `fsync`: power loss, too. Default `os`. */
  readonly durability?: Exclude<LogDriver['durability'], 'memory'>
  /** Streams kept in memory, about 1 KiB each. Default 20,000. */
  readonly maxCachedStreams?: number
  /** Default: the machine this runs on. */
  readonly machine?: Machine
}

/**
 * Opens the log in a folder: no server, one writer, nothing on the event loop. Everything that one append changes is
 * one atomic write, shared with whatever else waits for one.
 *
 * @throws StreamError `server_error` with one line that says what to do, when another process has the folder open,
 * when a newer version wrote it, or when it is damaged.
 */
export function openEmbedded(options: EmbeddedOptions): Promise<EmbeddedDriver> {
  return createEmbedded(options)
}
