import type { Backplane, LogDriver } from '@throughline/log'
import { openEmbedded } from '@throughline/log/embedded'
import { createMemoryDriver } from '@throughline/log/memory'
import type { Config } from '../config/config.ts'
import type { Limits } from '../gate/limits.ts'
import { answerDataCommands, logDirectory } from './data-owner.ts'
import { openRedisEngine } from './redis/engine.ts'

/** Storage, and what the nodes of a cluster share: spread into the options of `createHubService`. */
export interface Engine {
  /** `dispose` closes the whole engine. */
  readonly driver: LogDriver
  /** One line for the operator, when the streams are elsewhere than in the data directory. */
  readonly summary?: string
  /** Absent with one process: everything stays within it. */
  readonly backplane?: Backplane
  /** Absent with one process: it counts for itself. */
  readonly limits?: Limits
  /** The clock that all nodes agree on; absent: this machine's. */
  readonly now?: () => number
}

/** Opens the storage that the configuration asks for. @throws ConfigError, StreamError with one line for the operator */
export async function openEngine(config: Config): Promise<Engine> {
  const { dataDir, durability, redisUrl } = config
  if (redisUrl !== undefined) return await openRedisEngine(redisUrl, config)
  if (durability === 'memory') return { driver: createMemoryDriver() }
  const driver = await openEmbedded({ directory: logDirectory(dataDir), durability })
  try {
    return { driver: await answerDataCommands(driver, dataDir) }
  } catch (error) {
    await driver.dispose()
    throw error
  }
}
