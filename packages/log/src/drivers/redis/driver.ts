import type { LogDriver } from '../../log-driver.ts'
import { createContext, type ContextOptions } from './context.ts'
import { createIndexes } from './indexes.ts'
import { createRedisLeases } from './leases.ts'
import { createRedisSessions } from './sessions.ts'
import { createRedisStreams } from './streams.ts'

/** A driver over a link that is ready, which belongs to whoever made it; `dispose` closes it. */
export function createRedisDriver(options: ContextOptions): LogDriver {
  const { link } = options
  const context = createContext(options)
  const indexes = createIndexes(context)
  return {
    name: 'redis',
    durability: link.durability,
    exclusive: false,
    ...createRedisStreams(context, indexes),
    sessions: createRedisSessions(context, indexes),
    leases: createRedisLeases(context),
    healthy: () => link.healthy(),
    dispose: () => link.close(),
  }
}
