import type { Route } from '../route.ts'
import type { Services } from '../services.ts'
import { authRoutes } from './auth.ts'
import { claimRoutes } from './claims.ts'
import { messageRoutes } from './messages.ts'
import { produceRoutes } from './produce.ts'
import { runRoutes } from './runs.ts'
import { sessionRoutes } from './sessions.ts'
import { streamRoutes } from './stream.ts'
import { updateRoutes } from './updates.ts'

/** The table of PROTOCOL.md §4–§5. */
export function allRoutes(services: Services): readonly Route[] {
  return [
    ...streamRoutes(services),
    ...sessionRoutes(services),
    ...updateRoutes(services),
    ...messageRoutes(services),
    ...runRoutes(services),
    ...produceRoutes(services),
    ...claimRoutes(services),
    ...authRoutes(services),
  ]
}
