import { StreamError } from '@throughline/protocol'
import { addressKey } from '../gate/address-key.ts'
import { readCredentials } from '../gate/credentials.ts'
import { createOriginPolicy, type OriginPolicyOptions } from '../gate/origin-policy.ts'
import { createRateLimit } from '../gate/rate-limit.ts'
import { crossOriginHeaders, preflight, refuseSource } from './cross-origin.ts'
import type { Gateway, GatewayRequest, GatewayResponse, HeaderMap } from './exchange.ts'
import { createFailures } from './failures.ts'
import { createProbes } from './probes.ts'
import { ProblemError } from './problem.ts'
import type { Call, OpenRoute, Route, UserCall, UserRoute } from './route.ts'
import { createRouter } from './router.ts'
import { noCredentials } from './routes/auth.ts'
import { allRoutes } from './routes/index.ts'
import { createServices, type ServicesOptions } from './services.ts'
import { requireSessionId } from './subscription.ts'

export interface GatewayOptions extends ServicesOptions {
  /** Default: the own origin is wherever an allowed `Host` says; loopback names are allowed. */
  readonly origins?: OriginPolicyOptions
  /** Commands of one user a minute; 0 = unlimited. Default 120. */
  readonly commandsPerMinute?: number
  /** Guests, refreshes and sign-outs from one address a minute; 0 = unlimited. Default 60. */
  readonly loginsPerMinute?: number
  /** The app's own routes, behind the same gate. */
  readonly routes?: readonly Route[]
  /** Jitter of `Retry-After`. */
  readonly random?: () => number
}

/** Every route behind the gate of PROTOCOL.md §6; answers anything under `/api/` and the probes. */
export function createGateway(options: GatewayOptions): Gateway {
  const { random = Math.random, commandsPerMinute = 120, loginsPerMinute = 60 } = options
  const services = createServices(options)
  const { auth, logger, now } = services
  const judgeSource = createOriginPolicy(options.origins ?? {})
  const router = createRouter([...allRoutes(services), ...(options.routes ?? [])])
  const probes = createProbes(services)
  const toReply = createFailures({ logger, random })
  const commands = createRateLimit({ perMinute: commandsPerMinute, now })
  const logins = createRateLimit({ perMinute: loginsPerMinute, now })

  const identify = async (call: Call, route: UserRoute): Promise<UserCall> => {
    const credentials = readCredentials(call.request, call.source)
    if (credentials === undefined) throw noCredentials()
    const identity = await auth.verify(credentials.token)
    if (route.access !== 'user' && !identity.scopes.has(route.access)) throw missingScope(route.access)
    return { ...call, identity, byCookie: credentials.by === 'cookie' }
  }

  const callUser = async (call: Call, route: UserRoute): Promise<GatewayResponse> => {
    const userCall = await identify(call, route)
    const counted = route.method !== 'GET' && route.boundsItself !== true
    const limited = counted && !userCall.identity.scopes.has('publish')
    if (limited) requireFree(commands.take(userCall.identity.userId))
    return await route.handle(userCall)
  }

  const callOpen = async (call: Call, route: OpenRoute): Promise<GatewayResponse> => {
    if (route.method !== 'GET') requireFree(logins.take(addressKey(call.request.remoteAddress)))
    return await route.handle(call)
  }

  const answer = async (
    request: GatewayRequest,
    source: Call['source'],
    path: string,
  ): Promise<GatewayResponse> => {
    if (request.method === 'OPTIONS') {
      const methods = router.methods(path)
      if (methods.length === 0) throw noSuchPath()
      return preflight(source.origin, methods)
    }
    const match = router.match(request.method, path)
    if (match.kind === 'none') throw noSuchPath()
    if (match.kind === 'method') throw wrongMethod(match.allow)
    const { route, params } = match
    const call = { request, params, source, query: queryOf(request.url) }
    if (params['sessionId'] !== undefined) requireSessionId(params['sessionId'])
    route.check?.(call)
    return await (route.access === 'open' ? callOpen(call, route) : callUser(call, route))
  }

  return {
    async handle(request) {
      const path = pathOf(request.url)
      try {
        const probe = await probes.handle(request, path)
        if (probe !== undefined) return probe
        if (!path.startsWith('/api/')) return undefined
      } catch (error) {
        return toReply(error, request)
      }
      const source = judgeSource(request)
      const headers = crossOriginHeaders(source.ok ? source.origin : undefined)
      try {
        if (!source.ok) throw refuseSource(source.because)
        return withHeaders(await answer(request, source, path), headers)
      } catch (error) {
        return withHeaders(toReply(error, request), headers)
      }
    },
  }
}

function withHeaders<T extends GatewayResponse>(response: T, headers: HeaderMap): T {
  return { ...response, headers: { ...response.headers, ...headers } }
}

function pathOf(url: string): string {
  const query = url.indexOf('?')
  return query === -1 ? url : url.slice(0, query)
}

function queryOf(url: string): URLSearchParams {
  const query = url.indexOf('?')
  return new URLSearchParams(query === -1 ? '' : url.slice(query + 1))
}

function requireFree(waitMs: number): void {
  if (waitMs === 0) return
  throw new StreamError('rate_limited', 'Too many at once: wait a moment.', {
    status: 429,
    retryAfterMs: waitMs,
  })
}

function missingScope(scope: string): ProblemError {
  const detail = `The token needs the scope "${scope}".`
  return new ProblemError('Forbidden', { code: 'auth_error', status: 403, detail })
}

function noSuchPath(): StreamError {
  return new StreamError('not_found', 'There is no such path.', { status: 404 })
}

function wrongMethod(allow: readonly string[]): ProblemError {
  const allowed = [...allow, 'OPTIONS'].join(', ')
  const error = { code: 'invalid_request', status: 405, detail: `This path takes ${allowed}.` } as const
  return new ProblemError('Method not allowed', error, { allow: allowed })
}
