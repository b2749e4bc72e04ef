import { StreamError } from '@throughline/protocol'
import { readJson, readOptionalJson } from '../body.ts'
import { connectionOwner, goingDown, tooManyConnections } from '../connections.ts'
import { empty, json } from '../reply.ts'
import type { Route, UserCall } from '../route.ts'
import type { Services } from '../services.ts'
import { fieldsOf } from '../../fields.ts'

const BODY_BYTES = 4_096
const MAX_WAIT_S = 25
/** Owners of the outside can so never pass for one inside the process, which ends with it. */
const REMOTE_OWNER = 'http:'

/** For workers anywhere: take a run, keep it, give it back. */
export function claimRoutes(services: Services): readonly Route[] {
  const { access, claimer, limits, draining, leaseMs, log, now } = services

  const leaseOf = async ({
    identity,
    params,
    request,
  }: UserCall): Promise<{ stream: string; runId: string; fence: number }> => {
    const { id } = await access.readable(identity, params['sessionId'] ?? '')
    const { fence } = fieldsOf(await readJson(request, BODY_BYTES))
    if (typeof fence !== 'number' || !Number.isSafeInteger(fence)) {
      throw new StreamError('invalid_request', 'body.fence must be the fence of the claim.')
    }
    return { stream: id, runId: params['runId'] ?? '', fence }
  }

  return [
    {
      method: 'POST',
      pattern: '/api/runs/claim',
      access: 'publish',
      async handle(call) {
        const { waitMs, owner } = readClaim(
          await readOptionalJson(call.request, BODY_BYTES),
          call.identity.userId,
        )
        if (draining.aborted) throw goingDown()
        const place = await limits.connections.take(connectionOwner(call))
        if (place === undefined) throw tooManyConnections()
        try {
          const signal = AbortSignal.any([call.request.signal, draining])
          const run = await claimer.claim({ owner: `${REMOTE_OWNER}${owner}`, waitMs, signal })
          return run === undefined ? empty(204) : json(200, run)
        } finally {
          place()
        }
      },
    },
    {
      method: 'POST',
      pattern: '/api/sessions/:sessionId/runs/:runId/renew',
      access: 'publish',
      async handle(call) {
        const lease = await log.driver.leases.renew(await leaseOf(call), { now: now(), ttlMs: leaseMs })
        return json(200, { fence: lease.fence, ttl: leaseMs })
      },
    },
    {
      method: 'POST',
      pattern: '/api/sessions/:sessionId/runs/:runId/release',
      access: 'publish',
      async handle(call) {
        await claimer.release(await leaseOf(call))
        return empty(204)
      },
    },
  ]
}

/** @throws StreamError 400 */
function readClaim(body: unknown, userId: string): { waitMs: number; owner: string } {
  const { wait = 0, owner = userId } = fieldsOf(body)
  if (typeof wait !== 'number' || !(wait >= 0 && wait <= MAX_WAIT_S)) {
    throw new StreamError('invalid_request', `body.wait must be seconds, at most ${String(MAX_WAIT_S)}.`)
  }
  if (typeof owner !== 'string' || !/^[\x21-\x7e]{1,128}$/.test(owner)) {
    throw new StreamError(
      'invalid_request',
      'body.owner must be 1 to 128 printable characters without spaces.',
    )
  }
  return { waitMs: wait * 1_000, owner }
}
