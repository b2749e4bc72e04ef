import type { LogDriver } from '../log-driver.ts'
import { createMemoryLeases } from './memory/leases.ts'
import { createMemorySessions } from './memory/sessions.ts'
import { createMemoryState } from './memory/state.ts'
import { createMemoryStreams } from './memory/streams.ts'

/**
 * A log in memory: everything is gone when the process ends. For development and tests, and the smallest complete
 * example of a driver.
 */
export function createMemoryDriver(): LogDriver {
  const state = createMemoryState()
  return {
    name: 'memory',
    durability: 'memory',
    exclusive: true,
    ...createMemoryStreams(state),
    sessions: createMemorySessions(state),
    leases: createMemoryLeases(state),
    healthy() {
      return state.run(() => undefined)
    },
    dispose() {
      state.disposed = true
      return Promise.resolve()
    },
  }
}
