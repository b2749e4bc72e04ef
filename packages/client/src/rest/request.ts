import { StreamError } from '@throughline/protocol'
import type { Environment } from '../environment.ts'
import { loadReader } from '../reading/load-reader.ts'
import type { Credentials } from './credentials.ts'

export interface RequestOptions {
  readonly body?: unknown
  readonly query?: Readonly<Record<string, string | undefined>>
  readonly signal?: AbortSignal | undefined
}

/** Sends one request. @throws StreamError for every way it can fail. */
export type Send = (method: string, path: string, options?: RequestOptions) => Promise<unknown>

export interface SenderOptions {
  readonly environment: Environment
  readonly baseUrl: string
  readonly credentials: Credentials
  readonly fetch: (input: string, init: RequestInit) => Promise<Response>
  readonly withCredentials: boolean
}

/** A request without an answer has failed after this, ms. */
const REQUEST_TIMEOUT_MS = 30_000

/** Requests with the credentials of the client; a 401 renews them once and asks again. */
export function createSender(options: SenderOptions): Send {
  const { environment, credentials } = options
  return async (method, path, request = {}) => {
    let response = await exchange(options, method, path, request)
    if (response.status === 401 && (await credentials.refresh()) === 'renewed') {
      await response.body?.cancel()
      response = await exchange(options, method, path, request)
    }
    if (!response.ok) {
      const { readRefusal } = await loadReader()
      throw await readRefusal(response, environment.now())
    }
    if (response.status === 204) return undefined
    try {
      return (await response.json()) as unknown
    } catch (cause) {
      throw new StreamError('server_error', 'The server answered with something else than JSON.', { cause })
    }
  }
}

async function exchange(
  { environment, baseUrl, credentials, fetch, withCredentials }: SenderOptions,
  method: string,
  path: string,
  { body, query = {}, signal }: RequestOptions,
): Promise<Response> {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined)
  const search = given.length === 0 ? '' : `?${String(new URLSearchParams(given))}`
  const controller = new AbortController()
  const abort = (): void => {
    controller.abort()
  }
  const timer = environment.setTimer(abort, REQUEST_TIMEOUT_MS)
  signal?.addEventListener('abort', abort, { once: true })
  try {
    signal?.throwIfAborted()
    return await fetch(`${baseUrl}${path}${search}`, {
      method,
      signal: controller.signal,
      credentials: withCredentials ? 'include' : 'omit',
      headers: {
        Accept: 'application/json',
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(await credentials.headers()),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  } catch (cause) {
    throw new StreamError('network_error', 'The server could not be reached.', { cause })
  } finally {
    environment.clearTimer(timer)
    signal?.removeEventListener('abort', abort)
  }
}
