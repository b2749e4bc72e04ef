import { StreamError } from '@throughline/protocol'
import { after } from '../after.ts'
import { Refusal } from '../audit/refusal.ts'
import { addressKey } from '../gate/address-key.ts'
import { readCredentials, readShareToken } from '../gate/credentials.ts'
import { createOriginPolicy, type OriginPolicyOptions } from '../gate/origin-policy.ts'
import { listMethods, preflight, refuseSource, withAnswerHeaders } from './cross-origin.ts'
import type { Gateway, GatewayResponse } from './exchange.ts'
import { createFailures } from './failures.ts'
import { createProbes } from './probes.ts'
import { ProblemError } from './problem.ts'
import type { Call, Method, OpenRoute, ReaderRoute, Route, UserCall, UserRoute } from './route.ts'
import { createRouter } from './router.ts'
import { noCredentials } from './routes/auth.ts'
import { allRoutes } from './routes/index.ts'
import { createServices, type ServicesOptions } from './services.ts'
import { recordRefusal, type Asked } from './record-refusal.ts'
import { empty } from './reply.ts'
import { requireSessionId } from './subscription.ts'
import { pathOf, queryOf } from './target.ts'

export interface GatewayOptions extends ServicesOptions {
  /** Default: the own origin is wherever an allowed `Host` says; loopback names are allowed. */
  readonly origins?: OriginPolicyOptions
  /** The app's own routes, behind the same gate. */
  readonly routes?: readonly Route[]
  /** Jitter of `Retry-After`. */
  readonly random?: () => number
}

/** What became known of a request on its way, for the record of a refusal. */
type Trail = { -readonly [K in keyof Omit<Asked, 'status'>]: Asked[K] }

/** Every route behind the gate of PROTOCOL.md §6; answers anything under `/api/` and the probes. */
export function createGateway(options: GatewayOptions): Gateway {
  const { random = Math.random } = options
  const services = createServices(options)
  const { audit, auth, limits, logger } = services
  const judgeSource = createOriginPolicy(options.origins ?? {})
  const router = createRouter([...allRoutes(services), ...(options.routes ?? [])])
  const probes = createProbes(services)
  const toReply = createFailures({ logger, random })

  const identify = (call: Call, route: UserRoute, trail: Trail): UserCall | Promise<UserCall> => {
    const credentials = readCredentials(call.request, call.source)
    if (credentials === undefined) throw noCredentials()
    const { token, by } = credentials
    return after(auth.verifyKnown(token) ?? auth.verify(token), (identity) => {
      trail.identity = identity
      if (route.access !== 'user' && !identity.scopes.has(route.access)) throw missingScope(route.access)
      return { ...call, identity, byCookie: by === 'cookie' }
    })
  }

  const callUser = (call: Call, route: UserRoute, trail: Trail): Promise<GatewayResponse> => {
    const handle = async (userCall: UserCall): Promise<GatewayResponse> => {
      requireFree(await limits.commands.take(userCall.identity.userId))
      return await route.handle(userCall)
    }
    return Promise.resolve(
      after(identify(call, route, trail), (userCall) => {
        const counted = route.method !== 'GET' && route.boundsItself !== true
        const limited = counted && !userCall.identity.scopes.has('publish')
        return limited ? handle(userCall) : route.handle(userCall)
      }),
    )
  }

  const callOpen = async (call: Call, route: OpenRoute): Promise<GatewayResponse> => {
    if (route.method !== 'GET') requireFree(await limits.logins.take(addressKey(call.request.remoteAddress)))
    return await route.handle(call)
  }

  const callReader = async (call: Call, route: ReaderRoute, trail: Trail): Promise<GatewayResponse> => {
    const token = readShareToken(call.request, call.source)
    if (token === undefined) throw noCredentials()
    const identity = await auth.verifyReader(token, call.params['shareId'] ?? '')
    trail.identity = identity
    return await route.handle({ ...call, identity, byCookie: true })
  }

  const dispatch = (call: Call, route: Route, trail: Trail): Promise<GatewayResponse> => {
    if (route.access === 'open') return callOpen(call, route)
    return route.access === 'reader' ? callReader(call, route, trail) : callUser(call, route, trail)
  }

  const answer = (
    trail: Trail,
    source: Call['source'],
    path: string,
  ): GatewayResponse | Promise<GatewayResponse> => {
    const { request } = trail
    if (request.method === 'OPTIONS') {
      const methods = router.methods(path)
      if (methods.length === 0) throw noSuchPath()
      // A proxy of ours, which answers its browsers' preflights, asks what to answer.
      const isProxy = source.origin === undefined && request.header('x-throughline') === '1'
      return isProxy ? empty(200, { allow: listMethods(methods) }) : preflight(source.origin, methods)
    }
    const match = router.match(request.method, path)
    if (match.kind === 'none') throw noSuchPath()
    if (match.kind === 'method') throw wrongMethod(match.allow)
    const { route, params } = match
    trail.route = route.pattern
    const call = { request, params, source, query: queryOf(request.url) }
    if (params['sessionId'] !== undefined) requireSessionId(params['sessionId'])
    route.check?.(call)
    return dispatch(call, route, trail)
  }

  return {
    handle(request) {
      const path = pathOf(request.url)
      if (!path.startsWith('/api/')) {
        return probes.handle(request, path).catch((error: unknown) => toReply(error, request))
      }
      const source = judgeSource(request)
      const origin = source.ok ? source.origin : undefined
      const trail: Trail = { request }
      const accept = (response: GatewayResponse): GatewayResponse => withAnswerHeaders(response, origin)
      const refuse = (error: unknown): GatewayResponse => {
        const reply = toReply(error, request)
        recordRefusal(audit, error, { ...trail, status: reply.status })
        return withAnswerHeaders(reply, origin)
      }
      try {
        if (!source.ok) throw refuseSource(source.because)
        return Promise.resolve(answer(trail, source, path)).then(accept, refuse)
      } catch (error) {
        return Promise.resolve(refuse(error))
      }
    },
  }
}

function requireFree(waitMs: number): void {
  if (waitMs === 0) return
  throw new StreamError('rate_limited', 'Too many at once: wait a moment.', {
    status: 429,
    retryAfterMs: waitMs,
    cause: new Refusal('too_many_requests'),
  })
}

function missingScope(scope: string): ProblemError {
  const detail = `The token needs the scope "${scope}".`
  return new ProblemError('Forbidden', {
    code: 'auth_error',
    status: 403,
    detail,
    cause: new Refusal('missing_scope'),
  })
}

function noSuchPath(): StreamError {
  return new StreamError('not_found', 'There is no such path.', { status: 404 })
}

function wrongMethod(allow: readonly Method[]): ProblemError {
  const allowed = listMethods(allow)
  const error = { code: 'invalid_request', status: 405, detail: `This path takes ${allowed}.` } as const
  return new ProblemError('Method not allowed', error, { allow: allowed })
}
