import type { LogDriver } from '@throughline/log'
import { openEmbedded } from '@throughline/log/embedded'
import { createMemoryDriver } from '@throughline/log/memory'
import type { Config } from '../config/config.ts'
import { ConfigError } from '../config/config-error.ts'
import { answerDataCommands, logDirectory } from './data-owner.ts'

/** Opens the storage that the configuration asks for. @throws ConfigError, StreamError with one line for the operator */
export async function openDriver({ dataDir, durability, redisUrl }: Config): Promise<LogDriver> {
  if (redisUrl !== undefined) {
    throw new ConfigError(['REDIS_URL is set, and this version has no Redis engine: unset it'])
  }
  if (durability === 'memory') return createMemoryDriver()
  const driver = await openEmbedded({ directory: logDirectory(dataDir), durability })
  try {
    return await answerDataCommands(driver, dataDir)
  } catch (error) {
    await driver.dispose()
    throw error
  }
}
