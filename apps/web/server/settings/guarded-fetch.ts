import { lookup as systemLookup } from 'node:dns'
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { Readable } from 'node:stream'
import { isPublicAddress } from './public-address.ts'

type Lookup = NonNullable<RequestOptions['lookup']>

export interface GuardedFetchOptions {
  /** Default: only addresses of the public internet. */
  readonly isAllowed?: (address: string) => boolean
  /** Default: the system's. */
  readonly lookup?: typeof systemLookup
}

/**
 * A `fetch` to servers that users name. The address is judged when the connection is made, by the very lookup that
 * makes it: a name that resolves to something else the second time (DNS rebinding) gains nothing. Redirects are
 * answers, not followed. Bodies are text.
 */
export function createGuardedFetch(options: GuardedFetchOptions = {}): typeof fetch {
  const { isAllowed = isPublicAddress } = options
  const guarded = guard(isAllowed, options.lookup ?? systemLookup)
  return async (input, init = {}) => {
    const { href, method, headers, body, signal } = readRequest(input, init)
    const url = new URL(href)
    const bare = url.hostname.replace(/^\[|\]$/g, '')
    // An address in the URL is never looked up.
    if (/^[\d.]+$|:/.test(bare) && !isAllowed(bare)) throw closed(bare)
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest
    return await new Promise<Response>((resolve, reject) => {
      const outgoing = send(
        url,
        { method, headers, lookup: guarded, ...(signal !== undefined && { signal }) },
        (incoming) => {
          resolve(toResponse(incoming))
        },
      )
      outgoing.once('error', (error) => {
        // As `fetch` has it: a cancelled call says so, anything else could not be reached.
        reject(
          signal?.aborted === true
            ? (signal.reason as Error)
            : new TypeError('fetch failed', { cause: error }),
        )
      })
      outgoing.end(body)
    })
  }
}

function readRequest(input: string | URL | Request, init: RequestInit) {
  if (input instanceof Request) throw new TypeError('Pass the address and the options.')
  const { method = 'GET', body, signal } = init
  if (body !== undefined && body !== null && typeof body !== 'string') throw new TypeError('Send text.')
  return {
    href: String(input),
    method,
    headers: Object.fromEntries(new Headers(init.headers)),
    body: body ?? undefined,
    signal: signal ?? undefined,
  }
}

function toResponse(incoming: IncomingMessage): Response {
  const { statusCode = 502, headersDistinct } = incoming
  const headers = Object.entries(headersDistinct).flatMap(([name, values = []]) =>
    values.map((value): [string, string] => [name, value]),
  )
  const empty = statusCode === 204 || statusCode === 205 || statusCode === 304
  if (empty) incoming.resume()
  const body = empty ? null : (Readable.toWeb(incoming) as ReadableStream<Uint8Array>)
  return new Response(body, { status: Math.max(200, statusCode), headers })
}

/** A lookup that finds allowed addresses only, and nothing at all when a name has one that is not. */
function guard(isAllowed: (address: string) => boolean, lookup: typeof systemLookup): Lookup {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) {
        callback(error, '', 0)
        return
      }
      const [first] = addresses
      if (first === undefined || !addresses.every(({ address }) => isAllowed(address))) {
        callback(closed(hostname), '', 0)
      } else if (options.all === true) callback(null, addresses)
      else callback(null, first.address, first.family)
    })
  }
}

function closed(hostname: string): Error {
  return new Error(`${hostname} is not on the public internet`)
}
