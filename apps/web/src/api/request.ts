import { StreamError, isStreamErrorCode, type Problem } from '@throughline/protocol'
import { useStreamClient } from '@throughline/react'
import { useMemo } from 'react'

export interface ApiRequest {
  readonly method?: 'GET' | 'POST' | 'DELETE'
  /** Sent as it is. */
  readonly body?: Blob
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
      if (response.status !== 401 || !(await auth.refresh())) return answerOf(response)
      return answerOf(await ask(path, request))
    }
    return api
  }, [auth])
}

async function ask(path: string, { method = 'GET', body, signal }: ApiRequest): Promise<Response> {
  try {
    return await fetch(path, {
      method,
      headers: { 'x-throughline': '1' },
      ...(body === undefined ? {} : { body }),
      ...(signal === undefined ? {} : { signal }),
    })
  } catch (cause) {
    if (signal?.aborted === true) throw cause
    throw new StreamError('network_error', 'The server could not be reached.', { cause })
  }
}

async function answerOf(response: Response): Promise<unknown> {
  if (response.ok) return response.status === 204 ? undefined : await response.json()
  const problem = (await response.json().catch(() => ({}))) as Partial<Problem>
  const code = isStreamErrorCode(problem.code) ? problem.code : 'server_error'
  throw new StreamError(code, problem.detail ?? problem.title ?? 'The server refused.', {
    status: response.status,
  })
}
