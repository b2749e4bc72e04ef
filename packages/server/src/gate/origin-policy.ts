import type { GatewayRequest } from '../gateway/exchange.ts'
import { isHostAllowed, isLoopbackHost } from './host-policy.ts'

export interface OriginPolicyOptions {
  /** Where people reach the app, e.g. `https://app.example.com`. Absent: wherever an allowed `Host` says. */
  readonly publicOrigin?: string
  /** Other origins whose pages may call, exact. */
  readonly allowOrigins?: readonly string[]
  /** Names that the server is reached by, beside loopback and the public origin's. */
  readonly allowHosts?: readonly string[]
}

/** Where a request came from, as far as a browser vouches for it. */
export type Source =
  | { readonly ok: false; readonly because: 'host' | 'origin' }
  | {
      readonly ok: true
      /** The page's origin, to be reflected. */
      readonly origin?: string
      /** Whether cookies prove that the user meant it. */
      readonly cookies: boolean
    }

/** Steps 1–4 of PROTOCOL.md §6. */
export type OriginPolicy = (request: GatewayRequest) => Source

export function createOriginPolicy(options: OriginPolicyOptions): OriginPolicy {
  const { publicOrigin, allowOrigins = [], allowHosts = [] } = options
  const hosts = [...allowHosts, ...(publicOrigin === undefined ? [] : [new URL(publicOrigin).host])]

  /** The origin of our own pages, given how this request was addressed. */
  const isOwn = (origin: string, request: GatewayRequest, host: string): boolean => {
    if (origin === publicOrigin) return true
    // With a public origin, whoever is addressed otherwise is another page of the same machine, but for loopback.
    if (publicOrigin !== undefined && !isLoopbackHost(host)) return false
    const own = host.toLowerCase()
    if (origin === `${request.protocol}://${own}`) return true
    // On this machine nobody speaks TLS, whatever the public origin is.
    return publicOrigin !== undefined && origin === `http://${own}`
  }

  return (request) => {
    const host = request.header('host')
    if (host === undefined || !isHostAllowed(host, hosts)) return { ok: false, because: 'host' }

    const origin = request.header('origin')
    if (origin !== undefined) {
      // `null` is every sandboxed frame and every file of everybody; no list can let it in.
      const known = origin !== 'null' && (allowOrigins.includes(origin) || isOwn(origin, request, host))
      return known ? { ok: true, origin, cookies: true } : { ok: false, because: 'origin' }
    }

    const site = request.header('sec-fetch-site')
    if (site !== undefined) {
      return site === 'same-origin' ? { ok: true, cookies: true } : { ok: false, because: 'origin' }
    }

    return { ok: true, cookies: request.header('x-throughline') === '1' }
  }
}
