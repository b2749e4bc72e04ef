import type { ConversationState, Envelope } from '@throughline/protocol'
import { createSseDecoder, type Frame } from '@throughline/protocol'

/** A person or a backend who uses nothing but HTTP. */
export interface ApiUser {
  readonly token: string
  readonly url: string
  request(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>
  json<T>(method: string, path: string, body?: unknown): Promise<T>
}

/** Whoever holds `token`. */
export function apiUser(url: string, token: string): ApiUser {
  const request: ApiUser['request'] = (method, path, body, headers = {}) =>
    fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
  return {
    token,
    url,
    request,
    json: async <T>(method: string, path: string, body?: unknown) => {
      const response = await request(method, path, body)
      if (!response.ok)
        throw new Error(`${method} ${path}: ${String(response.status)} ${await response.text()}`)
      return (await response.json()) as T
    },
  }
}

/** Signs a guest in over HTTP; the cookie's value is a token that also works as a bearer. */
export async function guest(url: string): Promise<ApiUser> {
  const response = await fetch(`${url}/api/auth/guest`, { method: 'POST', headers: { 'x-throughline': '1' } })
  const cookie = response.headers.getSetCookie().find((line) => line.startsWith('auth_token='))
  if (!response.ok || cookie === undefined) throw new Error(`guest sign-in: ${String(response.status)}`)
  return apiUser(url, cookie.slice('auth_token='.length).split(';', 1)[0] ?? '')
}

/** The user whose cookies a browser has. */
export function userOfCookies(url: string, cookies: string): ApiUser {
  const token = /(?:^|; )auth_token=([^;]+)/.exec(cookies)?.[1]
  if (token === undefined) throw new Error('no auth_token cookie')
  return apiUser(url, token)
}

/** Reads a stream frame by frame until `until` says so; the stream is closed then. */
export async function readStream(
  user: ApiUser,
  path: string,
  until: (envelope: Envelope, frame: Frame) => boolean,
  headers: Record<string, string> = {},
): Promise<Envelope[]> {
  const controller = new AbortController()
  const response = await fetch(`${user.url}${path}`, {
    headers: { authorization: `Bearer ${user.token}`, accept: 'text/event-stream', ...headers },
    signal: controller.signal,
  })
  if (!response.ok || response.body === null) throw new Error(`${path}: ${String(response.status)}`)
  const envelopes: Envelope[] = []
  let ended = false
  const decoder = createSseDecoder({
    onFrame: (frame) => {
      if (ended) return
      const envelope = JSON.parse(frame.data) as Envelope
      envelopes.push(envelope)
      ended = until(envelope, frame)
    },
  })
  try {
    for await (const bytes of response.body) {
      decoder.push(bytes)
      if (ended) break
    }
  } finally {
    controller.abort()
  }
  return envelopes
}

/** The server's own fold of a session at its head. */
export async function serverState(user: ApiUser, sessionId: string): Promise<ConversationState> {
  const answer = await user.json<{ state: ConversationState } | ConversationState>(
    'GET',
    `/api/sessions/${sessionId}`,
  )
  return 'state' in answer ? answer.state : answer
}

/** The server's text of the last answer. */
export async function serverAnswer(user: ApiUser, sessionId: string): Promise<string> {
  const { messages } = await serverState(user, sessionId)
  return messages.filter((message) => message.role === 'assistant').at(-1)?.content ?? ''
}
