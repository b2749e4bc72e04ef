import { createSseDecoder, StreamError } from '@throughline/protocol'
import { startWatchdog } from '../provider/watchdog.ts'
import { readAdkEvent, type AdkEvent } from './adk-event.ts'

export interface AdkSettings {
  /** Of the ADK server. */
  readonly baseUrl: string
  /** The app of it that answers. */
  readonly app: string
}

export interface AdkQuestion {
  readonly userId: string
  readonly sessionId: string
  readonly text: string
  readonly signal: AbortSignal
}

/** Silence after which the server is given up. */
const SILENCE_MS = 120_000

/**
 * Reads which ADK server answers: `BACKEND_URL` with `ADK_APP`. `undefined` when `ADK_APP` is not set: then
 * `BACKEND_URL` is a hub. @throws StreamError `invalid_request`
 */
export function readAdkSettings(env: Readonly<Record<string, string | undefined>>): AdkSettings | undefined {
  const app = env['ADK_APP']?.trim()
  if (app === undefined || app === '') return undefined
  const protocol = URL.parse(env['BACKEND_URL'] ?? '')?.protocol
  if (protocol === 'http:' || protocol === 'https:') {
    return { app, baseUrl: String(env['BACKEND_URL']).replace(/\/+$/, '') }
  }
  throw new StreamError('invalid_request', 'ADK_APP is set without BACKEND_URL of the ADK server.')
}

/** Asks an app of an ADK server and gives its events as they come. @throws StreamError that a person can act on */
export async function* askAdk(
  settings: AdkSettings,
  question: AdkQuestion,
): AsyncGenerator<AdkEvent, void, void> {
  const { baseUrl, app } = settings
  const { userId, sessionId, text } = question
  const watchdog = startWatchdog(SILENCE_MS)
  const signal = AbortSignal.any([question.signal, watchdog.signal])
  try {
    const session = [app, 'users', userId, 'sessions', sessionId].map(encodeURIComponent).join('/')
    const made = await send(`${baseUrl}/apps/${session}`, {}, signal)
    // One that is there already is refused, by an older server as a bad request.
    if (!made.ok && ![400, 409].includes(made.status)) throw refusal(made.status)
    await made.body?.cancel()
    const newMessage = { role: 'user', parts: [{ text }] }
    const body = { appName: app, userId, sessionId, newMessage, streaming: true }
    const response = await send(`${baseUrl}/run_sse`, body, signal)
    if (!response.ok || response.body === null) throw refusal(response.status)
    yield* eventsOf(response.body, () => {
      watchdog.touch(SILENCE_MS)
    })
  } catch (error) {
    if (question.signal.aborted || error instanceof StreamError) throw error
    throw new StreamError(
      'network_error',
      watchdog.signal.aborted ? 'The agents’ server sent nothing for too long. Try again.' : BROKEN,
      { cause: error },
    )
  } finally {
    watchdog.stop()
  }
}

const BROKEN = 'The agents’ server cannot be reached, or its answer broke off. Try again.'

async function* eventsOf(
  body: ReadableStream<Uint8Array>,
  onBytes: () => void,
): AsyncGenerator<AdkEvent, void, void> {
  const events: AdkEvent[] = []
  const decoder = createSseDecoder({
    onFrame: ({ data }) => {
      const event = readAdkEvent(data)
      if (event !== undefined) events.push(event)
    },
  })
  for await (const bytes of body) {
    onBytes()
    decoder.push(bytes)
    yield* events.splice(0)
  }
}

function send(url: string, body: object, signal: AbortSignal): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream, application/json' },
    body: JSON.stringify(body),
    // Questions go where the configuration says and nowhere else.
    redirect: 'error',
    signal,
  })
}

function refusal(status: number): StreamError {
  if (status === 404)
    return new StreamError('not_found', 'The agents’ server has no such app. Check ADK_APP and BACKEND_URL.')
  if (status === 401 || status === 403)
    return new StreamError(
      'auth_error',
      'The agents’ server refuses this server. Its operator has to let it in.',
    )
  if (status === 429)
    return new StreamError('rate_limited', 'The agents’ server is busy. Try again in a moment.')
  return new StreamError('server_error', 'The agents’ server failed. Try again.', {
    retryable: status >= 500,
  })
}
