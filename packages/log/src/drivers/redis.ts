import { createRedisBackplane, type RedisBackplane } from '../backplanes/redis/backplane.ts'
import type { LogDriver } from '../log-driver.ts'
import type { RedisAddress, RedisConnect } from './redis/connection.ts'
import { createRedisDriver } from './redis/driver.ts'
import { unreachable } from './redis/failures.ts'
import { redisKeys, type RedisKeys } from './redis/keys.ts'
import { createLink, type RedisLink } from './redis/link.ts'

export { createRedisBackplane } from '../backplanes/redis/backplane.ts'
export type { RedisBackplane, RedisBackplaneOptions } from '../backplanes/redis/backplane.ts'
export type {
  IoredisLike,
  NodeRedisLike,
  RedisAddress,
  RedisClientLike,
  RedisConnect,
} from './redis/connection.ts'
export type { RedisKeys, SessionKeys } from './redis/keys.ts'
export type { RedisLink } from './redis/link.ts'
export { defineScript } from './redis/script.ts'
export type { RedisScript, ScriptKind } from './redis/script.ts'
export type { ScriptAnswer, ScriptArguments, ScriptReply } from './redis/shard.ts'

const DAY_MS = 86_400_000

export interface RedisOptions {
  /**
   * Makes a new client of `ioredis` or `redis`, not connected yet. Called again after each loss; for a cluster, also with
   * the address of each master, which a plain client of that server is for.
   */
  readonly connect: RedisConnect
  /** Before every key, without braces. Default `throughline`. */
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

/** A log in Redis as one of its nodes sees it. */
export interface RedisLog {
  readonly driver: LogDriver
  readonly backplane: RedisBackplane
  /** For what else the nodes share. */
  readonly link: RedisLink
  readonly keys: RedisKeys
  /** Names this node. */
  readonly node: string
  /** Closes all of it. Idempotent. */
  dispose(): Promise<void>
}

/**
 * Opens the log in a Redis (7 or newer, or Valkey) that evicts nothing, or in a cluster of them. Disposing of the driver closes everything.
 *
 * @throws StreamError with one line that says what to do, when Redis cannot be reached or is not fit for a log.
 */
export async function openRedis(options: RedisOptions): Promise<RedisLog> {
  const { connect, prefix = 'throughline', startMs = 10_000, timeoutMs = 5_000 } = options
  const { keepIdsMs = 35 * DAY_MS, tombstoneMs = 90 * DAY_MS } = options
  const node = crypto.randomUUID()
  const keys = redisKeys(prefix)
  const { channel } = keys
  const link = createLink({
    connect,
    generationKey: keys.generation,
    clockKey: keys.queue.runs,
    timeoutMs,
  })
  try {
    await link.ready(startMs)
  } catch (error) {
    await link.close()
    throw error
  }
  let post: RedisAddress | undefined
  const backplane = createRedisBackplane({
    connect() {
      post = link.listeningPost()
      return connect(post)
    },
    isInPlace: () => link.isListeningPost(post),
    publish: (to, message) => link.publish(to, message),
    channel,
    node,
    growthIsTold: true,
    timeoutMs,
  })
  const dispose = async (): Promise<void> => {
    await link.close()
    await backplane.close()
  }
  try {
    await backplane.ready(startMs)
  } catch (error) {
    await dispose()
    throw unreachable(error)
  }
  const driver = createRedisDriver({ link, keys, keepIdsMs, tombstoneMs, node, channel })
  return { driver: { ...driver, dispose }, backplane, link, keys, node, dispose }
}
