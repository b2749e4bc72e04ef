import { AUTH_COOKIE, readCookie } from '../auth/cookies.ts'
import type { GatewayRequest } from '../gateway/exchange.ts'
import type { Source } from './origin-policy.ts'

export interface Credentials {
  readonly token: string
  readonly by: 'bearer' | 'cookie'
}

/**
 * The token a request carries. A bearer was put there on purpose, so it wins; a cookie counts only when the source
 * lets it, and over TLS only under its prefixed name. PROTOCOL.md §6.
 */
export function readCredentials(
  request: GatewayRequest,
  source: Extract<Source, { ok: true }>,
): Credentials | undefined {
  const bearer = /^bearer +([^ ]+) *$/i.exec(request.header('authorization') ?? '')
  if (bearer?.[1] !== undefined) return { token: bearer[1], by: 'bearer' }
  if (!source.cookies) return undefined
  const token = readCookie(request.header('cookie'), AUTH_COOKIE[request.protocol])
  return token === undefined || token === '' ? undefined : { token, by: 'cookie' }
}
