import type { Audit } from '../audit/audit.ts'
import { refusalReason } from '../audit/refusal.ts'
import type { Identity } from '../auth/identity.ts'
import type { GatewayRequest } from './exchange.ts'

/** What was found out about a request before it was refused. */
export interface Asked {
  readonly request: GatewayRequest
  readonly status: number
  readonly route?: string
  readonly identity?: Pick<Identity, 'userId' | 'sid'>
}

/** Records an error that stands for a refusal; any other is none of the audit's. */
export function recordRefusal(audit: Audit, error: unknown, asked: Asked): void {
  const reason = refusalReason(error)
  if (reason === undefined) return
  const { request, status, route, identity } = asked
  audit.record({
    event: 'request_refused',
    reason,
    status,
    method: request.method,
    address: request.remoteAddress,
    ...(route !== undefined && { route }),
    ...(identity !== undefined && { userId: identity.userId }),
    ...(identity?.sid !== undefined && { sid: identity.sid }),
  })
}
