import { StreamError } from '@throughline/protocol'
import type { ConnectionView } from '../connection/state.ts'
import type { Session, Unsubscribe } from '../session/session.ts'
import { createStreamClient } from '../stream-client.ts'
import type { StreamClient, StreamClientOptions } from '../stream-client.ts'
import { createEventSourceTransport } from '../transports/event-source.ts'
import type { EventSourceConstructor } from '../transports/event-source.ts'
import type { OutboundMessage, SSEConfig, SSEMessage } from './sse-message.ts'

/** What an `SSEManager` tells. Any other name is an event type and gets those messages. */
export interface SSEManagerEvents {
  message: SSEMessage
  connected: undefined
  disconnected: undefined
  /** Which attempt is next and in how many ms. */
  reconnecting: { readonly attempt: number; readonly delay: number }
  /** It has given up; `connect` tries again. */
  connection_failed: StreamError
  heartbeat: undefined
}

/** What an `SSEManager` may be given beside the specification's configuration. */
export interface SSEManagerOptions extends Pick<
  StreamClientOptions,
  'fetch' | 'getToken' | 'transport' | 'environment'
> {
  /** A client to share the connection of. Default: one of its own, made from the configuration. */
  readonly client?: StreamClient
  /** Uses the native `EventSource`, or what is given in its place. */
  readonly eventSource?: EventSourceConstructor
}

type Listener = (value: never) => void

/** The specification's manager: one session's stream, with one owner of all retries behind it. */
export class SSEManager {
  readonly #config: Partial<SSEConfig>
  readonly #options: SSEManagerOptions
  readonly #listeners = new Map<string, Set<Listener>>()
  #client: StreamClient | undefined
  #session: Session | undefined
  #leaves: Unsubscribe[] = []
  #view: ConnectionView | undefined
  #connecting: Promise<void> | undefined
  #settle: ((error?: StreamError) => void) | undefined

  constructor(config: Partial<SSEConfig> = {}, options: SSEManagerOptions = {}) {
    this.#config = config
    this.#options = options
  }

  get isConnected(): boolean {
    return this.#view?.status === 'open'
  }

  /** Failures in a row; 0 again after the stream has held. */
  get reconnectAttempts(): number {
    return this.#view?.attempt ?? 0
  }

  /** The session connected to. */
  get session(): Session | undefined {
    return this.#session
  }

  /**
   * Opens the session's stream and keeps it open. Resolves when it is; a second call for the same session waits for the
   * same stream.
   * @throws StreamError when it cannot be opened, or `disconnect` came first.
   */
  connect(sessionId: string): Promise<void> {
    if (this.#session?.id === sessionId && this.#connecting !== undefined) {
      if (this.#view?.status === 'failed') this.#session.connection.retryNow()
      else return this.#connecting
    } else {
      if (this.#session !== undefined) this.disconnect()
      this.#open(sessionId)
    }
    this.#connecting = new Promise((resolve, reject) => {
      this.#settle = (error) => {
        if (error === undefined) resolve()
        else reject(error)
      }
    })
    this.#connecting.catch(() => undefined)
    this.#look()
    return this.#connecting
  }

  /** Closes the stream; the listeners stay. */
  disconnect(): void {
    if (this.#session === undefined) return
    for (const leave of this.#leaves.splice(0)) leave()
    if (this.#options.client === undefined) this.#client?.close()
    this.#client = this.#session = this.#view = this.#connecting = undefined
    this.#settle?.(new StreamError('stream_closed', 'The stream was disconnected.'))
    this.#emit('disconnected', undefined)
  }

  /** Disconnects and forgets all listeners. */
  cleanup(): void {
    this.disconnect()
    this.#listeners.clear()
  }

  on<E extends keyof SSEManagerEvents>(event: E, listener: (value: SSEManagerEvents[E]) => void): this
  on(event: string, listener: (message: SSEMessage) => void): this
  on(event: string, listener: Listener): this {
    const listeners = this.#listeners.get(event) ?? new Set()
    this.#listeners.set(event, listeners.add(listener))
    return this
  }

  off(event: string, listener: Listener): this {
    this.#listeners.get(event)?.delete(listener)
    return this
  }

  /** Sends a message of the person; it is tried until it is accepted. @throws StreamError when it is refused, or nothing is connected. */
  async sendMessage(message: OutboundMessage): Promise<void> {
    if (this.#session === undefined) throw new StreamError('stream_closed', 'Connect to a session first.')
    await this.#session.send(typeof message === 'string' ? { content: message } : message)
  }

  #open(sessionId: string): void {
    this.#client = this.#options.client ?? createStreamClient(clientOptions(this.#config, this.#options))
    const session = this.#client.session(sessionId)
    this.#session = session
    this.#leaves = [
      session.on('*', (event) => {
        this.#emit('message', event)
        this.#emit(event.type, event)
      }),
      this.#client.on('heartbeat', () => {
        this.#emit('heartbeat', undefined)
      }),
      session.connection.subscribe(() => {
        this.#look()
      }),
    ]
  }

  /** Tells what has become of the connection. */
  #look(): void {
    if (this.#session === undefined) return
    const before = this.#view
    const view = this.#session.connection.getSnapshot()
    this.#view = view
    if (view.status === 'open') {
      this.#settle?.()
      if (before?.status !== 'open') this.#emit('connected', undefined)
    } else if (view.status === 'failed' || view.status === 'ended') {
      if (before?.status === view.status) return
      const error = view.error ?? new StreamError(view.code ?? 'stream_closed', 'The stream has ended.')
      this.#settle?.(error)
      this.#emit('connection_failed', error)
    } else if (view.retryAt !== null && view.retryAt !== before?.retryAt && view.attempt > 0) {
      this.#emit('reconnecting', { attempt: view.attempt, delay: Math.max(0, view.retryAt - view.since) })
    }
  }

  #emit(event: string, value: unknown): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) listener(value as never)
  }
}

function clientOptions(config: Partial<SSEConfig>, options: SSEManagerOptions): StreamClientOptions {
  const {
    url = '/api/sse',
    reconnectInterval,
    maxReconnectAttempts,
    heartbeatInterval,
    timeout,
    withCredentials,
  } = config
  const { eventSource, transport, fetch, getToken, environment } = options
  const native =
    eventSource === undefined
      ? transport
      : createEventSourceTransport({ url, eventSource, ...defined({ withCredentials }) })
  return {
    streamUrl: url,
    baseUrl: url.replace(/\/api\/sse\/?$/, ''),
    share: 'off',
    backoff: defined({ reconnectInterval, maxReconnectAttempts }),
    liveness: defined({ heartbeatInterval, timeout }),
    ...defined({
      withCredentials,
      transport: native,
      fetch,
      getToken,
      environment,
    }),
  }
}

/** The same without what is `undefined`. */
function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}
