import { StreamError, createSseDecoder, isStreamErrorCode, type Frame } from '@throughline/protocol'
import { fieldsOf } from '../fields.ts'

export interface HubClientOptions {
  /** Of the hub, e.g. `http://127.0.0.1:4000`. */
  readonly baseUrl: string
  /** A token with scope `publish`, or how to get a fresh one. */
  readonly token: string | (() => Promise<string>)
  /** Default: the runtime's. */
  readonly fetch?: typeof fetch
}

/** A worker's way to a hub. Errors are `StreamError`s, as the hub named them. */
export interface HubClient {
  /** `undefined` for an answer without content. @throws StreamError */
  request(method: 'GET' | 'POST', path: string, options?: RequestOptions): Promise<unknown>
  /** Calls back with the frames of a stream until it ends or is aborted. @throws StreamError */
  stream(path: string, options: StreamOptions): Promise<void>
}

export interface RequestOptions {
  readonly body?: object
  readonly signal?: AbortSignal
}

export interface StreamOptions {
  /** Cursor to go on from. */
  readonly after: string
  readonly signal: AbortSignal
  readonly onFrame: (frame: Frame) => void
}

export function createHubClient(options: HubClientOptions): HubClient {
  const { token, fetch: fetchHub = fetch } = options
  const baseUrl = options.baseUrl.replace(/\/+$/, '')

  const send = async (
    path: string,
    init: Omit<RequestInit, 'headers'> & { headers?: Readonly<Record<string, string>> },
  ): Promise<Response> => {
    const bearer = typeof token === 'string' ? token : await token()
    const headers = { ...init.headers, authorization: `Bearer ${bearer}` }
    let response: Response
    try {
      response = await fetchHub(baseUrl + path, { ...init, headers })
    } catch (cause) {
      throw new StreamError('network_error', 'The hub cannot be reached.', { cause })
    }
    if (!response.ok) throw await readProblem(response)
    return response
  }

  return {
    async request(method, path, { body, signal } = {}) {
      const response = await send(path, {
        method,
        ...(signal !== undefined && { signal }),
        ...(body !== undefined && {
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }),
      })
      if (response.status === 204) return undefined
      return await readBody(response)
    },
    async stream(path, { after, signal, onFrame }) {
      const headers = { accept: 'text/event-stream', 'last-event-id': after }
      const response = await send(path, { headers, signal })
      const decoder = createSseDecoder({ onFrame })
      try {
        for await (const bytes of response.body ?? []) decoder.push(bytes)
      } catch (cause) {
        if (cause instanceof StreamError) throw cause
        throw new StreamError('network_error', 'The stream broke off.', { cause })
      }
    },
  }
}

async function readBody(response: Response): Promise<unknown> {
  try {
    return await response.json()
  } catch (cause) {
    throw new StreamError('network_error', 'The answer broke off.', { cause })
  }
}

/** The refusal as the hub named it; anything that is none of its refusals is a proxy's. */
async function readProblem(response: Response): Promise<StreamError> {
  const problem = fieldsOf(await response.json().catch(() => undefined))
  const { status } = response
  const seconds = Number(response.headers.get('retry-after') ?? NaN)
  const retryAfter = Number.isFinite(seconds) ? { retryAfterMs: seconds * 1_000 } : {}
  const options = { status, retryable: status >= 500 || status === 429 || status === 408, ...retryAfter }
  const words = [problem['detail'], problem['title']].find((text) => typeof text === 'string')
  const code = isStreamErrorCode(problem['code'])
    ? problem['code']
    : status >= 500
      ? 'network_error'
      : 'invalid_request'
  return new StreamError(code, words ?? `The hub answered ${String(status)}.`, options)
}
