import { silentAudit } from '../audit/audit.ts'
import { createOriginPolicy } from '../gate/origin-policy.ts'
import { toHeaders } from '../fetch/fetch-headers.ts'
import { toGatewayRequest, type RequestInfo } from '../fetch/fetch-request.ts'
import { answerHeaders, listMethods, preflight, refuseSource } from '../gateway/cross-origin.ts'
import type { GatewayRequest, HeaderMap, Reply } from '../gateway/exchange.ts'
import { createFailures } from '../gateway/failures.ts'
import { ProblemError } from '../gateway/problem.ts'
import { recordRefusal } from '../gateway/record-refusal.ts'
import type { Call, Method } from '../gateway/route.ts'
import { silentLogger } from '../logger.ts'
import type { Proxy, ProxyOptions } from './proxy-options.ts'

/** A request whose source was let in. */
export interface GatedRequest {
  readonly request: Request
  readonly asked: GatewayRequest
  readonly source: Call['source']
}

export interface GatedOptions extends ProxyOptions {
  /** What is let through. */
  readonly methods: readonly Method[]
  /** What a path takes, for a preflight, or why there is no answer. Default: `methods`. */
  readonly methodsOf?: (asked: GatewayRequest) => Promise<readonly Method[] | Response>
}

/** Puts the gate's steps 1–5 before `answer`: the gateway's own policy, refusals and headers. PROTOCOL.md §6. */
export function createGated(
  options: GatedOptions,
  answer: (gated: GatedRequest) => Promise<Response>,
): Proxy {
  const { methods, methodsOf = () => Promise.resolve(methods) } = options
  const { audit = silentAudit, logger = silentLogger, random = Math.random } = options
  const judgeSource = createOriginPolicy(options.origins ?? {})
  const toReply = createFailures({ logger, random })

  return async (request) => {
    const asked = toGatewayRequest(request, describePeer(request, options))
    const source = judgeSource(asked)
    const headers = answerHeaders(source.ok ? source.origin : undefined)
    try {
      if (!source.ok) throw refuseSource(source.because)
      if (asked.method === 'OPTIONS') {
        if (source.origin === undefined) throw refuseSource('origin')
        const taken = await methodsOf(asked)
        if (taken instanceof Response) return withHeaders(taken, headers)
        return toResponse(preflight(source.origin, taken), headers)
      }
      if (!methods.some((method) => method === asked.method)) throw wrongMethod(methods)
      return withHeaders(await answer({ request, asked, source }), headers)
    } catch (error) {
      const reply = toReply(error, asked)
      // The cause names hosts, which an operator needs and nobody else.
      if (reply.status === 502 && !asked.signal.aborted)
        logger.warn({ err: error }, 'the hub cannot be reached')
      recordRefusal(audit, error, { request: asked, status: reply.status })
      return toResponse(reply, headers)
    }
  }
}

/** Who asks and how, as far as a proxy in front vouches for it. */
function describePeer(request: Request, { trustedProxies = [], origins }: ProxyOptions): RequestInfo {
  const isVouchedFor = trustedProxies.length > 0
  const said = isVouchedFor ? lastOf(request.headers.get('x-forwarded-proto')) : undefined
  const isPublicHttps = origins?.publicOrigin?.startsWith('https:') === true
  const protocol = isPublicHttps ? 'https' : said === 'https' || said === 'http' ? said : undefined
  return {
    remoteAddress: (isVouchedFor ? lastOf(request.headers.get('x-forwarded-for')) : undefined) ?? '',
    ...(protocol !== undefined && { protocol }),
  }
}

function lastOf(header: string | null): string | undefined {
  return header?.split(',').at(-1)?.trim()
}

function toResponse(reply: Reply, headers: HeaderMap): Response {
  const { status, body } = reply
  return new Response(body ?? null, { status, headers: toHeaders({ ...reply.headers, ...headers }) })
}

function withHeaders(response: Response, headers: HeaderMap): Response {
  for (const [name, value] of toHeaders(headers)) response.headers.set(name, value)
  return response
}

function wrongMethod(methods: readonly Method[]): ProblemError {
  const allow = listMethods(methods)
  const error = { code: 'invalid_request', status: 405, detail: `This path takes ${allow}.` } as const
  return new ProblemError('Method not allowed', error, { allow })
}
