import { StreamError, isStreamErrorCode, type Problem } from '@throughline/protocol'
import { useStreamClient } from '@throughline/react'
import { useMemo } from 'react'

export interface ApiRequest {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Sent as it is. */
  readonly body?: Blob
  /** Sent as JSON instead. */
  readonly json?: unknown
  /** Whether a 401 may be an expired login, which is renewed. Default `true`. */
  readonly renew?: boolean
  readonly signal?: AbortSignal
}

/** Asks one of the app's own routes. @throws StreamError made from the server's problem */
export type Api = (path: string, request?: ApiRequest) => Promise<unknown>

/** The app's own routes with this browser's login; an expired login is renewed once. */
export function useApi(): Api {
  const { auth } = useStreamClient()
  return useMemo(() => {
    const api: Api = async (path, request = {}) => {
      const response = await ask(path, request)
      const expired = response.status === 401 && request.renew !== false
      if (!expired || !(await auth.refresh())) return answerOf(response)
      return answerOf(await ask(path, request))
    }
    return api
  }, [auth])
}

/** Asks without a login of anybody. @throws StreamError made from the server's problem */
export async function askOpenly(path: string, request: ApiRequest = {}): Promise<unknown> {
  return answerOf(await ask(path, request))
}

async function ask(
  path: string,
  { method = 'GET', json, signal, ...request }: ApiRequest,
): Promise<Response> {
  const body = json === undefined ? request.body : JSON.stringify(json)
  try {
    return await fetch(path, {
      method,
      headers: { 'x-throughline': '1', ...(json !== undefined && { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body }),
      ...(signal === undefined ? {} : { signal }),
    })
  } catch (cause) {
    if (signal?.aborted === true) throw cause
    throw new StreamError('network_error', 'The server could not be reached.', { cause })
  }
}

async function answerOf(response: Response): Promise<unknown> {
  if (response.ok) return response.headers.has('content-type') ? await response.json() : undefined
  const problem = (await response.json().catch(() => ({}))) as Partial<Problem>
  const code = isStreamErrorCode(problem.code) ? problem.code : 'server_error'
  throw new StreamError(code, problem.detail ?? problem.title ?? 'The server refused.', {
    status: response.status,
  })
}
