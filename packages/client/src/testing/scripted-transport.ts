import { StreamError } from '@throughline/protocol'
import type { Envelope, Frame } from '@throughline/protocol'
import type { SessionCursor, Transport, TransportRequest } from '../transports/transport.ts'

/** One attempt that a connection made, as the server side of the script sees it. */
export interface ScriptedAttempt {
  readonly cursors: readonly SessionCursor[]
  readonly aborted: boolean
  /** Answers 200. */
  accept(): void
  /** Sends an event, and 200 before the first. */
  send(envelope: Envelope): void
  /** Sends bytes that are no event. */
  touch(): void
  /** Ends the stream. */
  end(): void
  /** Refuses the request, or breaks the stream. */
  fail(error: StreamError): void
  /** Refuses with a status. */
  refuse(status: number, retryAfterMs?: number): void
}

/** A transport and the attempts that were made over it. */
export interface ScriptedTransport extends Transport {
  readonly attempts: readonly ScriptedAttempt[]
  /** The newest attempt. @throws Error when there is none. */
  readonly last: ScriptedAttempt
  /** Attempts that were neither ended nor aborted. */
  readonly pending: number
}

/** A transport that does what a test says, when it says so. */
export function createScriptedTransport(name = 'scripted'): ScriptedTransport {
  const attempts: Attempt[] = []
  return {
    name,
    attempts,
    get last() {
      const last = attempts.at(-1)
      if (last === undefined) throw new Error('no attempt was made yet')
      return last
    },
    get pending() {
      return attempts.filter((attempt) => !attempt.isOver).length
    },
    open(request) {
      const attempt = new Attempt(request)
      attempts.push(attempt)
      return attempt.frames()
    },
  }
}

class Attempt implements ScriptedAttempt {
  readonly #request: TransportRequest
  readonly #frames: Frame[] = []
  #accepted = false
  #ended = false
  #error: StreamError | undefined
  #wake = (): void => undefined

  constructor(request: TransportRequest) {
    this.#request = request
    request.signal.addEventListener('abort', () => {
      this.#wake()
    })
  }

  get cursors(): readonly SessionCursor[] {
    return this.#request.cursors
  }

  get aborted(): boolean {
    return this.#request.signal.aborted
  }

  get isOver(): boolean {
    return this.#ended || this.#error !== undefined || this.aborted
  }

  accept(): void {
    if (this.#accepted || this.isOver) return
    this.#accepted = true
    this.#request.onOpen?.()
  }

  send(envelope: Envelope): void {
    this.accept()
    this.touch()
    this.#frames.push({ event: envelope.type, data: JSON.stringify(envelope), id: envelope.id ?? '' })
    this.#wake()
  }

  touch(): void {
    this.#request.onActivity?.()
  }

  end(): void {
    this.#ended = true
    this.#wake()
  }

  fail(error: StreamError): void {
    this.#error = error
    this.#wake()
  }

  refuse(status: number, retryAfterMs?: number): void {
    const options = retryAfterMs === undefined ? { status } : { status, retryAfterMs }
    this.fail(
      new StreamError(
        status >= 500 ? 'server_error' : 'invalid_request',
        `status ${String(status)}`,
        options,
      ),
    )
  }

  async *frames(): AsyncGenerator<Frame> {
    for (;;) {
      if (this.aborted) return
      const frame = this.#frames.shift()
      if (frame !== undefined) yield frame
      else if (this.#error !== undefined) throw this.#error
      else if (this.#ended) return
      else await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }
}
