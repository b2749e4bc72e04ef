import type { LogDriver } from '../log-driver.ts'
import type { RedisClientLike } from './redis/connection.ts'
import { createRedisDriver } from './redis/driver.ts'
import { redisKeys } from './redis/keys.ts'
import { createLink } from './redis/link.ts'

export type { IoredisLike, NodeRedisLike, RedisClientLike } from './redis/connection.ts'
export type { RedisKeys, SessionKeys } from './redis/keys.ts'

const DAY_MS = 86_400_000

export interface RedisOptions {
  /** Makes a new client of `ioredis` or `redis`, not connected yet. Called again after each loss. */
  readonly connect: () => RedisClientLike
  /** Before every key. Default `throughline`. */
  readonly prefix?: string
  /** Redis that answers nothing for this long is given up, and looked for anew. Default 5,000. */
  readonly timeoutMs?: number
  /** How long the first connection may take. Default 10,000. */
  readonly startMs?: number
  /** Producers and ended runs are known for this long after their last use. Default 35 days. */
  readonly keepIdsMs?: number
  /** How long the name of a deleted session stays taken. Default 90 days. */
  readonly tombstoneMs?: number
}

/** @throws StreamError with one line that says what to do, when Redis cannot be reached or is not fit for a log. */
export async function openRedis(options: RedisOptions): Promise<LogDriver> {
  const { connect, prefix = 'throughline', startMs = 10_000 } = options
  const { keepIdsMs = 35 * DAY_MS, tombstoneMs = 90 * DAY_MS, timeoutMs } = options
  const keys = redisKeys(prefix)
  const link = createLink({
    connect,
    generationKey: keys.generation,
    ...(timeoutMs !== undefined && { timeoutMs }),
  })
  try {
    await link.ready(startMs)
  } catch (error) {
    await link.close()
    throw error
  }
  const node = crypto.randomUUID()
  return createRedisDriver({ link, keys, keepIdsMs, tombstoneMs, node, channel: '' })
}
