import { join } from 'node:path'
import type { LogDriver } from '@throughline/log'
import { openEmbedded } from '@throughline/log/embedded'
import { createMemoryDriver } from '@throughline/log/memory'
import type { Config } from '../config/config.ts'
import { ConfigError } from '../config/config-error.ts'

/** Opens the storage that the configuration asks for. @throws ConfigError, StreamError with one line for the operator */
export async function openDriver({ dataDir, durability, redisUrl }: Config): Promise<LogDriver> {
  if (redisUrl !== undefined) {
    throw new ConfigError(['REDIS_URL is set, and this version has no Redis engine: unset it'])
  }
  if (durability === 'memory') return createMemoryDriver()
  return await openEmbedded({ directory: join(dataDir, 'log'), durability })
}
