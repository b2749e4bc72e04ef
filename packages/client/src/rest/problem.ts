import { StreamError, isPlain, isStreamErrorCode } from '@throughline/protocol'
import type { StreamErrorCode } from '@throughline/protocol'

/** Largest refusal that is read, in characters; a proxy's error page is cut. */
const MAX_PROBLEM_LENGTH = 16_384

const CODE_BY_STATUS: Readonly<Record<number, StreamErrorCode>> = {
  200: 'network_error',
  204: 'stream_closed',
  401: 'auth_error',
  403: 'forbidden_origin',
  404: 'not_found',
  409: 'conflict',
  410: 'session_expired',
  429: 'rate_limited',
}

/** What a refusal means: the server's problem document, or its status where there is none. */
export async function readRefusal(response: Response, now: number): Promise<StreamError> {
  const { status } = response
  const { code, title, detail } = await readProblem(response)
  const byStatus = CODE_BY_STATUS[status] ?? (status >= 500 ? 'server_error' : 'invalid_request')
  const told = [detail, title].find((text): text is string => typeof text === 'string' && text !== '')
  return new StreamError(
    isStreamErrorCode(code) ? code : byStatus,
    told ?? `The server answered with status ${String(status)}.`,
    { status, retryAfterMs: readRetryAfter(response.headers.get('retry-after'), now) },
  )
}

/** `Retry-After` in milliseconds: seconds or a date. */
function readRetryAfter(header: string | null, now: number): number | undefined {
  // No header is the number 0, and 0 is a date long past.
  const ms = Number(header) * 1_000 || Date.parse(header ?? '') - now
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined
}

async function readProblem(response: Response): Promise<Readonly<Record<string, unknown>>> {
  const isJson = /\bjson\b/i.test(response.headers.get('content-type') ?? '')
  try {
    if (!isJson) await response.body?.cancel()
    const problem: unknown = JSON.parse((await response.text()).slice(0, MAX_PROBLEM_LENGTH))
    return isPlain(problem) ? problem : {}
  } catch {
    // Its status says enough.
    return {}
  }
}
