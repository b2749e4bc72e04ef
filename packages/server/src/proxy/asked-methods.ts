import type { GatewayRequest } from '../gateway/exchange.ts'
import type { Method } from '../gateway/route.ts'
import { pathOf } from '../gateway/target.ts'
import { passRefusal } from './refused.ts'
import { unreachable, type Upstream } from './upstream.ts'

/** Whatever a route may take. */
export const METHODS: readonly Method[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

/**
 * What the hub takes on a path, or its refusal: it has the routes, and browsers remember the answer for a day.
 * @throws StreamError `network_error`
 */
export async function askMethods(
  upstream: Upstream,
  { url, signal }: GatewayRequest,
): Promise<readonly Method[] | Response> {
  const headers = new Headers({ 'x-throughline': '1' })
  const response = await upstream.ask({ method: 'OPTIONS', target: pathOf(url), headers, signal })
  if (response.status >= 400) return await passRefusal(response)
  await response.body?.cancel()
  const allowed = (response.headers.get('allow') ?? '').split(',').map((method) => method.trim())
  const methods = METHODS.filter((method) => allowed.includes(method))
  if (methods.length === 0) throw unreachable(new Error('it did not say what it takes'))
  return methods
}
