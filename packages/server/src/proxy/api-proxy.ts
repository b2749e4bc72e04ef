import { StreamError } from '@throughline/protocol'
import { systemTimers } from '../hub/timers.ts'
import { METHODS, askMethods } from './asked-methods.ts'
import { createGated, type GatedOptions, type GatedRequest } from './gated.ts'
import { answerHeaders, requestHeaders } from './passed-headers.ts'
import { passBody } from './passed-body.ts'
import type { Proxy, ProxyOptions } from './proxy-options.ts'
import { pullBody } from './pulled-body.ts'
import { passRefusal } from './refused.ts'
import { createUpstream } from './upstream.ts'

/**
 * Every other `/api/*` route for an app whose hub is elsewhere: what the gate let in goes on as it came, bodies
 * streamed both ways. Who the caller is and what is theirs the hub judges, which has the logins and the sessions.
 */
export function createApiProxy(options: ProxyOptions): Proxy {
  const { trustedProxies = [], timers = systemTimers } = options
  const upstream = createUpstream(options)

  const methodsOf: GatedOptions['methodsOf'] = async (asked) => {
    requireApi(asked)
    return await askMethods(upstream, asked)
  }

  return createGated({ ...options, methods: METHODS, methodsOf }, async (gated) => {
    const { request, asked } = gated
    requireApi(asked)
    const headers = requestHeaders(request.headers, {
      protocol: asked.protocol,
      forwarded: trustedProxies.length > 0,
    })
    addCredentials(headers, gated)
    const { signal } = request
    const body = request.body && passBody(request.body, timers)
    try {
      const response = await upstream.ask({
        method: request.method,
        target: asked.url,
        headers,
        body: body && body.stream,
        signal,
      })
      if (response.status >= 400) return await passRefusal(response)
      return new Response(response.body && pullBody(response.body, { signal }), {
        status: response.status,
        headers: answerHeaders(response.headers),
      })
    } finally {
      body?.drain()
    }
  })
}

/** What the browser proved goes on; the hub takes our word for where it came from. */
function addCredentials(headers: Headers, { asked, source }: GatedRequest): void {
  const authorization = asked.header('authorization')
  if (authorization !== undefined) headers.set('authorization', authorization)
  const cookie = asked.header('cookie')
  if (!source.cookies || cookie === undefined) return
  headers.set('cookie', cookie)
  headers.set('x-throughline', '1')
}

/** @throws StreamError 404 */
function requireApi({ url }: GatedRequest['asked']): void {
  if (!url.startsWith('/api/')) throw new StreamError('not_found', 'There is no such path.', { status: 404 })
}
