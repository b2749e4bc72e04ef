import { StreamError, isStreamErrorCode } from '@throughline/protocol'
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
  const known = isStreamErrorCode(code) ? code : undefined
  const retryAfterMs = readRetryAfter(response.headers.get('retry-after'), now)
  return new StreamError(
    known ?? CODE_BY_STATUS[status] ?? (status >= 500 ? 'server_error' : 'invalid_request'),
    text(detail) ?? text(title) ?? `The server answered with status ${String(status)}.`,
    { status, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) },
  )
}

/** `Retry-After` in milliseconds: seconds or a date. */
function readRetryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - now
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined
}

async function readProblem(response: Response): Promise<Readonly<Record<string, unknown>>> {
  if (!/\bjson\b/i.test(response.headers.get('content-type') ?? '')) {
    await response.body?.cancel().catch(() => undefined)
    return {}
  }
  try {
    const problem: unknown = JSON.parse((await response.text()).slice(0, MAX_PROBLEM_LENGTH))
    return typeof problem === 'object' && problem !== null ? { ...problem } : {}
  } catch {
    return {}
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
