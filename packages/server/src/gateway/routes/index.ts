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

/** What a reader by a link may ask for. */
const READABLE: readonly string[] = [
  '/api/sse',
  '/api/sessions/:sessionId/updates',
  '/api/sessions/:sessionId/messages',
]

/** The table of PROTOCOL.md §4–§5. */
export function allRoutes(services: Services): readonly Route[] {
  const reading = [...streamRoutes(services), ...updateRoutes(services), ...messageRoutes(services)]
  return [
    ...reading,
    ...forReaders(reading),
    ...sessionRoutes(services),
    ...runRoutes(services),
    ...produceRoutes(services),
    ...claimRoutes(services),
    ...authRoutes(services),
  ]
}

/** A link is a hub of its own, at an address of its own, that holds one session and only reads: the same handlers. */
function forReaders(routes: readonly Route[]): readonly Route[] {
  return routes.flatMap((route) =>
    route.access === 'user' && route.method === 'GET' && READABLE.includes(route.pattern)
      ? [{ ...route, method: 'GET', access: 'reader', pattern: `/api/shares/:shareId${route.pattern}` }]
      : [],
  )
}
