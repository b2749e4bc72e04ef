import { StreamError } from '@throughline/protocol'
import type { Logger } from '../logger.ts'
import type { GatewayRequest, Reply } from './exchange.ts'
import { problemReply } from './problem.ts'

export interface FailuresOptions {
  readonly logger: Logger
  readonly random: () => number
}

/** Turns whatever a route threw into an answer; what nobody foresaw goes to the operator's log under a request id. */
export function createFailures({
  logger,
  random,
}: FailuresOptions): (error: unknown, request: GatewayRequest) => Reply {
  return (error, request) => {
    if (error instanceof StreamError && error.code !== 'server_error') return problemReply(error, random)
    // Nobody is there to read it, and a body that broke off is no fault of ours.
    if (request.signal.aborted) return { kind: 'reply', status: 400, headers: {} }
    if (error instanceof StreamError && error.status !== undefined && error.status !== 500) {
      return problemReply(error, random)
    }
    const requestId = crypto.randomUUID()
    // The query may hold what a person typed.
    const path = request.url.split('?')[0]
    logger.error({ err: error, requestId, method: request.method, path }, 'request failed')
    const reply = problemReply(unforeseen(error), random)
    return { ...reply, headers: { ...reply.headers, 'x-request-id': requestId } }
  }
}

/** Storage that failed takes no writes for now; anything else is a fault of ours. */
function unforeseen(error: unknown): StreamError {
  if (!(error instanceof StreamError)) return new StreamError('server_error', 'Internal server error')
  return new StreamError('server_error', 'The server cannot store anything now: try again later.', {
    status: 503,
    retryAfterMs: error.retryAfterMs ?? 5_000,
  })
}
