import { openRedis } from '@throughline/log/redis'
import { Redis } from 'ioredis'
import type { Config } from '../../config/config.ts'
import { createLimits, type Limits } from '../../gate/limits.ts'
import type { Engine } from '../open-engine.ts'
import { createSharedConnections } from './shared-connections.ts'
import { createSharedRate } from './shared-rate.ts'

/** Streams, hints and counts in one Redis that all nodes share. @throws StreamError with one line for the operator */
export async function openRedisEngine(
  redisUrl: string,
  { connections, commandsPerMinute }: Pick<Config, 'connections' | 'commandsPerMinute'>,
): Promise<Engine> {
  const log = await openRedis({ connect: () => new Redis(redisUrl, { lazyConnect: true }) })
  const { driver, backplane, link, keys, node } = log
  // Those of an address and of the whole node are its own: they protect this process.
  const own = createLimits({ connections: { ...connections, perUser: 0 } })
  const shared = createSharedConnections({
    link,
    keys,
    node,
    own: own.connections,
    perUser: connections.perUser,
  })
  const rate: Limits['rate'] = (kind, perMinute) =>
    createSharedRate({ link, keyOf: (caller) => keys.rateOf(kind, caller), perMinute })
  const { host } = new URL(redisUrl)
  return {
    driver: {
      ...driver,
      async dispose() {
        await shared.close()
        await driver.dispose()
      },
    },
    backplane,
    limits: {
      connections: shared,
      commands: rate('commands', commandsPerMinute),
      // Who switches the limit off for a test or a bench signs in more often, too.
      logins: rate('logins', commandsPerMinute === 0 ? 0 : LOGINS_PER_MINUTE),
      rate,
    },
    now: () => link.now(),
    summary: `Streams are in Redis at ${host} (${KEPT[driver.durability]}), node ${node}`,
  }
}

const LOGINS_PER_MINUTE = 60

const KEPT = {
  memory: 'in memory alone: nothing is left when it restarts',
  os: 'written to its files: the last second may be lost with the machine',
  fsync: 'on disk before it is acknowledged',
} as const
