/** Headers of a request that the hub may know of. Credentials are put beside them by whoever judged them. */
const REQUEST_HEADERS = [
  'accept',
  'content-length',
  'content-type',
  'idempotency-key',
  'last-event-id',
] as const

/** Headers of an answer that a browser may know of; what concerns origins is the proxy's own to say. */
const ANSWER_HEADERS = [
  'allow',
  'cache-control',
  'content-disposition',
  'content-type',
  'etag',
  'retry-after',
  'www-authenticate',
  'x-accel-buffering',
  'x-request-id',
] as const

/** What goes on to the hub. `forwarded`: the client's address was written by a proxy that is trusted. */
export function requestHeaders(
  given: Headers,
  { protocol, forwarded }: { protocol: 'http' | 'https'; forwarded: boolean },
): Headers {
  const headers = pick(given, forwarded ? [...REQUEST_HEADERS, 'x-forwarded-for'] : REQUEST_HEADERS)
  headers.set('x-forwarded-proto', protocol)
  return headers
}

/** What goes back to the browser. */
export function answerHeaders(given: Headers): Headers {
  const headers = pick(given, ANSWER_HEADERS)
  for (const cookie of given.getSetCookie()) headers.append('set-cookie', cookie)
  return headers
}

function pick(given: Headers, names: readonly string[]): Headers {
  const headers = new Headers()
  for (const name of names) {
    const value = given.get(name)
    if (value !== null) headers.set(name, value)
  }
  return headers
}
