import { defaultEnvironment } from '../environment.ts'
import type { Environment } from '../environment.ts'
import { createCredentials, type Credentials } from '../rest/credentials.ts'
import { createSender } from '../rest/request.ts'
import { createStreamClient } from '../stream-client.ts'
import type { StreamClient } from '../stream-client.ts'
import { createPollingTransport } from '../transports/polling.ts'
import { pauseOf } from '../transports/pause.ts'
import type { SSEMessage } from './sse-message.ts'

/** Where to poll and who is told. */
export interface SSEFallbackOptions {
  readonly processUpdate: (message: SSEMessage) => void
  /** Where `/api` is. Default: the page's own origin. */
  readonly baseUrl?: string
  readonly getToken?: () => string | null | undefined | Promise<string | null | undefined>
  readonly environment?: Environment
}

/**
 * The specification's fall-back, switched by hand: long-polling on the session's cursor. A client takes it by itself where
 * streams do not get through.
 */
export class SSEFallback {
  readonly #options: SSEFallbackOptions
  #client: StreamClient | undefined
  #credentials: Credentials | undefined

  constructor(options: SSEFallbackOptions) {
    this.#options = options
  }

  get isPolling(): boolean {
    return this.#client !== undefined
  }

  /** Begins to poll; polling already, it goes on with that. */
  enablePollingFallback(sessionId: string): void {
    if (this.#client !== undefined) return
    const { processUpdate, baseUrl = '', getToken } = this.#options
    const environment = this.#options.environment ?? defaultEnvironment()
    const credentials = createCredentials({ environment, baseUrl, getToken, fetch: environment.fetch })
    const send = createSender({
      environment,
      baseUrl,
      credentials,
      fetch: environment.fetch,
      withCredentials: true,
    })
    const transport = createPollingTransport({ send, now: environment.now, pause: pauseOf(environment) })
    this.#credentials = credentials
    this.#client = createStreamClient({
      baseUrl,
      transport,
      environment,
      share: 'off',
      fallback: 'off',
      ...(getToken === undefined ? {} : { getToken }),
    })
    this.#client.session(sessionId).on('*', processUpdate)
  }

  disablePollingFallback(): void {
    this.#client?.close()
    this.#client = undefined
    this.#credentials?.close()
    this.#credentials = undefined
  }
}
