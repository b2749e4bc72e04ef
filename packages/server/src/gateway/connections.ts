import { StreamError } from '@throughline/protocol'
import { Refusal } from '../audit/refusal.ts'
import { hasScope } from '../auth/identity.ts'
import { addressKey } from '../gate/address-key.ts'
import type { ConnectionOwner } from '../gate/connection-limits.ts'
import type { UserCall } from './route.ts'
import type { Services } from './services.ts'

/** An answer is held back so long at most; one that would wait longer is refused. */
const MAX_WAIT_MS = 5_000

/**
 * Whom a connection counts for. Workers count in all only: they follow as many sessions as they have runs. The readers
 * of a link are many people.
 */
export function connectionOwner({ identity, request }: UserCall): ConnectionOwner {
  if (hasScope(identity, 'publish')) return {}
  const address = addressKey(request.remoteAddress)
  return identity.reads === undefined ? { userId: identity.userId, address } : { address }
}

export function tooManyConnections(): StreamError {
  return new StreamError('rate_limited', 'Too many connections are open: close some, or come back later.', {
    status: 503,
    retryAfterMs: 5_000,
    cause: new Refusal('too_many_connections'),
  })
}

/** @throws StreamError 429 when the caller reads so much of the past that it would have to wait for long */
export async function paceReplay(services: Services, { identity }: UserCall, bytes: number): Promise<void> {
  if (hasScope(identity, 'publish')) return
  const waitMs = services.replay.take(identity.userId, bytes)
  if (waitMs > MAX_WAIT_MS) {
    throw new StreamError('rate_limited', 'Too much is read again: wait a moment.', {
      status: 429,
      retryAfterMs: waitMs,
      cause: new Refusal('too_much_replay'),
    })
  }
  if (waitMs > 0) await new Promise<void>((resolve) => void services.timers.schedule(resolve, waitMs))
}

export function goingDown(): StreamError {
  return new StreamError('server_error', 'The server is going down: come back in a moment.', { status: 503 })
}
