import { formatCursor } from '@throughline/protocol'
import type { EventSourceEvent } from '../transports/event-source.ts'

/**
 * An `EventSource` that a test speaks through.
 *
 * `simulate('agent_progress', {…})` delivers an event as a hub would: a payload that is not an envelope yet is put into
 * the next one of its session. `simulate('open')` accepts, which any other event does first by itself;
 * `simulate('error')` breaks the connection.
 */
export class MockEventSource {
  /** Every one that was made, in order. Cleared by `reset`. */
  static instances: MockEventSource[] = []

  static reset(): void {
    MockEventSource.instances = []
  }

  /** The newest. @throws Error when there is none */
  static get last(): MockEventSource {
    const last = MockEventSource.instances.at(-1)
    if (last === undefined) throw new Error('nothing has connected yet')
    return last
  }

  readonly url: string
  readonly withCredentials: boolean
  readonly sessionId: string
  readonly #listeners = new Map<string, ((event: EventSourceEvent) => void)[]>()
  #offset: number
  #epoch: string
  #isOpen = false
  #isClosed = false

  constructor(url: string, init: { readonly withCredentials?: boolean } = {}) {
    this.url = url
    this.withCredentials = init.withCredentials ?? false
    const query = new URLSearchParams(url.split('?')[1] ?? '')
    this.sessionId = query.get('sessionId') ?? ''
    const [epoch = '', offset = '0'] = (query.get('after') ?? '').split('-')
    this.#epoch = epoch || 'mock00000'
    this.#offset = Number(offset)
    MockEventSource.instances.push(this)
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  addEventListener(type: string, listener: (event: EventSourceEvent) => void): void {
    const listeners = this.#listeners.get(type) ?? []
    this.#listeners.set(type, [...listeners, listener])
  }

  removeEventListener(type: string, listener: (event: EventSourceEvent) => void): void {
    const listeners = this.#listeners.get(type) ?? []
    this.#listeners.set(
      type,
      listeners.filter((other) => other !== listener),
    )
  }

  simulate(type: string, data?: unknown): void {
    if (this.#isClosed) return
    if (type === 'error' || type === 'open') {
      if (type === 'open') this.#isOpen = true
      this.#tell(type, {})
      return
    }
    if (!this.#isOpen) this.simulate('open')
    const envelope = this.#envelope(type, data)
    this.#tell(type, {
      data: JSON.stringify(envelope),
      lastEventId: String(Reflect.get(envelope, 'id') ?? ''),
    })
  }

  close(): void {
    this.#isClosed = true
  }

  #envelope(type: string, data: unknown): object {
    if (typeof data === 'object' && data !== null && 'sessionId' in data && 'timestamp' in data) return data
    const id = formatCursor({ epoch: this.#epoch, offset: ++this.#offset })
    return { id, type, data, timestamp: this.#offset, sessionId: this.sessionId }
  }

  #tell(type: string, event: EventSourceEvent): void {
    for (const listener of this.#listeners.get(type) ?? []) listener(event)
  }
}
