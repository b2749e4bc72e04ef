import { openRedis } from '@throughline/log/redis'
import type { Config } from '../../config/config.ts'
import { createLimits, type Limits } from '../../gate/limits.ts'
import type { Engine } from '../open-engine.ts'
import { placesOf, redisConnect } from './redis-connect.ts'
import { createSharedConnections } from './shared-connections.ts'
import { createSharedRate } from './shared-rate.ts'

/** Streams, hints and counts in one Redis that all nodes share. @throws StreamError with one line for the operator */
export async function openRedisEngine(
  redisUrl: string,
  { connections, commandsPerMinute }: Pick<Config, 'connections' | 'commandsPerMinute'>,
): Promise<Engine> {
  const log = await openRedis({ connect: redisConnect(redisUrl) })
  const { driver, backplane, link, keys, node } = log
  // How many a node can hold is its own affair.
  const own = createLimits({ connections: { ...connections, perUser: 0, perAddress: 0 } })
  const shared = createSharedConnections({
    link,
    keys,
    node,
    own: own.connections,
    perUser: connections.perUser,
    perAddress: connections.perAddress,
  })
  const rate: Limits['rate'] = (kind, perMinute, burst) =>
    createSharedRate({ link, keyOf: (caller) => keys.rateOf(kind, caller), perMinute, burst })
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
    summary: `Streams are in Redis at ${placesOf(redisUrl)} (${KEPT[driver.durability]}), node ${node}`,
  }
}

const LOGINS_PER_MINUTE = 60

const KEPT = {
  memory: 'in memory alone: nothing is left when it restarts',
  os: 'written to its files: the last second may be lost with the machine',
  fsync: 'on disk before it is acknowledged',
} as const
