import { Refusal } from '../audit/refusal.ts'
import type { Source } from '../gate/origin-policy.ts'
import type { GatewayResponse, HeaderMap, Reply } from './exchange.ts'
import { ProblemError } from './problem.ts'
import { JSON_HEADERS } from './reply.ts'
import type { Method } from './route.ts'

const ALLOW_HEADERS = 'Authorization, Content-Type, Last-Event-ID, X-Throughline'
const MAX_AGE_S = 86_400

/** What every answer says to a browser: it is data, for pages that asked for it, and never one itself. */
export const DATA_HEADERS = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
} as const

/** What the API says depends on the asking origin. PROTOCOL.md §6. */
const ANSWER_HEADERS: HeaderMap = { vary: 'Origin', ...DATA_HEADERS }

/** Nearly every answer to who is no page has these: made once, and written out once by the adapter. */
const JSON_ANSWER_HEADERS: HeaderMap = Object.freeze({ ...JSON_HEADERS, ...ANSWER_HEADERS })

/** The answer with the headers of every answer; a page of another origin is named in them, never `*`. */
export function withAnswerHeaders(response: GatewayResponse, origin: string | undefined): GatewayResponse {
  if (response.headers === JSON_HEADERS && origin === undefined) {
    return { ...response, headers: JSON_ANSWER_HEADERS }
  }
  return { ...response, headers: { ...response.headers, ...answerHeaders(origin) } }
}

/** The headers of every answer alone. */
export function answerHeaders(origin: string | undefined): HeaderMap {
  if (origin === undefined) return ANSWER_HEADERS
  return {
    ...ANSWER_HEADERS,
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': 'Retry-After',
  }
}

/** What a path takes, as headers say it. */
export function listMethods(methods: readonly Method[]): string {
  return [...methods, 'OPTIONS'].join(', ')
}

/** The answer to a preflight from an origin that is let in. @throws ProblemError 403 without an origin */
export function preflight(origin: string | undefined, methods: readonly Method[]): Reply {
  if (origin === undefined) throw refuseSource('origin')
  return {
    kind: 'reply',
    status: 200,
    headers: {
      'access-control-allow-methods': listMethods(methods),
      'access-control-allow-headers': ALLOW_HEADERS,
      'access-control-max-age': String(MAX_AGE_S),
    },
  }
}

/** The answer to a request from where none may come. */
export function refuseSource(because: Extract<Source, { ok: false }>['because']): ProblemError {
  const host = because === 'host'
  return new ProblemError(host ? 'Host not allowed' : 'Origin not allowed', {
    code: 'forbidden_origin',
    status: 403,
    cause: new Refusal(because),
    detail: host
      ? 'This server has no such name: add it to ALLOW_HOSTS.'
      : 'Pages of this origin may not call: add it to ALLOW_ORIGINS.',
  })
}
