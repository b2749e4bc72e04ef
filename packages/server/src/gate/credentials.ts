import { AUTH_COOKIE, SHARE_COOKIE, readCookie } from '../auth/cookies.ts'
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

/** The token of a reader who came by a link: a cookie of the link's own paths, which counts like any other. */
export function readShareToken(
  request: GatewayRequest,
  source: Extract<Source, { ok: true }>,
): string | undefined {
  const token = source.cookies
    ? readCookie(request.header('cookie'), SHARE_COOKIE[request.protocol])
    : undefined
  return token === '' ? undefined : token
}
