import { controlFrame, commentFrame, parseCursor } from '@throughline/protocol'
import type {
  ControlData,
  Draft,
  EphemeralType,
  Envelope,
  EventData,
  KnownDraft,
} from '@throughline/protocol'
import { answerCommand } from './fake-commands.ts'
import { FakeStream } from './fake-stream.ts'

/** A request as the fake hub got it. */
export interface FakeRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: Headers
  readonly body: unknown
}

/** A connection that the fake hub holds open. */
interface Reader {
  readonly sessionIds: readonly string[]
  readonly write: (text: string) => void
  readonly end: () => void
  readonly break: () => void
}

/** What a fake hub may be given. */
export interface FakeHubOptions {
  /** Default: counts up from 1. */
  readonly now?: () => number
}

/**
 * A hub in memory, reached through its `fetch`, that speaks the protocol as far as a client can see it: subscribing with
 * replay, snapshot and reset, heartbeats, commands, sessions, sign-in. For tests and for examples without a server.
 */
export class FakeHub {
  readonly #streams = new Map<string, FakeStream>()
  readonly #readers = new Set<Reader>()
  readonly #refusals: Response[] = []
  readonly #encoder = new TextEncoder()
  readonly #now: () => number
  #epochs = 0
  #isMute = false
  #isDown = false
  /** Everything that was asked, in order. */
  readonly requests: FakeRequest[] = []

  constructor(options: FakeHubOptions = {}) {
    let clock = 0
    this.#now = options.now ?? (() => ++clock)
  }

  /** Connections open now. */
  get readers(): number {
    return this.#readers.size
  }

  get streams(): ReadonlyMap<string, FakeStream> {
    return this.#streams
  }

  now(): number {
    return this.#now()
  }

  /** The session of this id, made when there is none. */
  stream(sessionId: string): FakeStream {
    const known = this.#streams.get(sessionId)
    if (known !== undefined) return known
    const stream = new FakeStream(sessionId, this.#newEpoch(), this.#now())
    this.#streams.set(sessionId, stream)
    return stream
  }

  /** Appends an event and tells every reader. */
  append(sessionId: string, draft: KnownDraft | Draft): Envelope {
    const event = this.stream(sessionId).append(draft, this.#now())
    this.#tell(sessionId, event)
    return event
  }

  /** Tells an event that is not stored. */
  signal<T extends EphemeralType>(
    sessionId: string,
    type: T,
    data: EventData[T],
    scope: Partial<Envelope> = {},
  ): void {
    this.#tell(sessionId, { ...scope, type, data, timestamp: this.#now(), sessionId })
  }

  /** Writes a heartbeat, or with `heads` one that claims something else. */
  beat(heads?: Readonly<Record<string, string>>): void {
    for (const reader of this.#readers) {
      const own = Object.fromEntries(reader.sessionIds.map((id) => [id, this.stream(id).cursor]))
      reader.write(this.#control('heartbeat', { heads: heads ?? own }, reader.sessionIds[0] ?? ''))
    }
  }

  /** Says something about the stream to every reader of a session. */
  control<T extends keyof ControlData>(sessionId: string, type: T, data: ControlData[T]): void {
    for (const reader of this.#readersOf(sessionId)) reader.write(this.#control(type, data, sessionId))
  }

  /** Writes any bytes to every reader. */
  write(text: string): void {
    for (const reader of this.#readers) reader.write(text)
  }

  /** Ends every connection, in order or by breaking it. */
  drop(how: 'end' | 'break' = 'break'): void {
    for (const reader of [...this.#readers]) reader[how]()
  }

  /** Accepts and then says nothing, like a buffering proxy. */
  mute(isMute = true): void {
    this.#isMute = isMute
  }

  /** Cannot be reached at all. */
  down(isDown = true): void {
    this.#isDown = isDown
    if (isDown) this.drop()
  }

  /** Refuses the next request. */
  refuse(status: number, headers: Readonly<Record<string, string>> = {}, body?: unknown): void {
    const text = body === undefined ? null : JSON.stringify(body)
    this.#refusals.push(
      new Response(status === 204 ? null : text, {
        status,
        headers: text === null ? headers : { 'content-type': 'application/problem+json', ...headers },
      }),
    )
  }

  /** Gives a session a new epoch, as after a loss: readers must reset. */
  restart(sessionId: string): void {
    this.stream(sessionId).restart(this.#newEpoch())
  }

  readonly fetch = async (input: string, init: RequestInit = {}): Promise<Response> => {
    const url = new URL(input, 'http://fake')
    const request: FakeRequest = {
      method: init.method ?? 'GET',
      path: url.pathname,
      query: url.searchParams,
      headers: new Headers(init.headers),
      body: typeof init.body === 'string' ? (JSON.parse(init.body) as unknown) : undefined,
    }
    this.requests.push(request)
    await Promise.resolve()
    init.signal?.throwIfAborted()
    if (this.#isDown) throw new TypeError('fetch failed')
    const refusal = this.#refusals.shift()
    if (refusal !== undefined) return refusal
    if (request.path === '/api/sse') return this.#subscribe(request, init.signal ?? undefined)
    return answerCommand(this, request)
  }

  #subscribe({ query, headers }: FakeRequest, signal: AbortSignal | undefined): Response {
    const sessionIds = query.getAll('sessionId')
    const afters = query.getAll('after')
    const lastEventId = parseCursor(headers.get('last-event-id') ?? '')
    const missing = sessionIds.length === 1 && this.#streams.get(sessionIds[0] ?? '')?.deleted === true
    if (missing) return new Response(null, { status: 410 })
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        const leave = (): void => {
          this.#readers.delete(reader)
        }
        const reader: Reader = {
          sessionIds,
          write: (text) => {
            if (!this.#isMute) controller.enqueue(this.#encoder.encode(text))
          },
          end: () => {
            leave()
            controller.close()
          },
          break: () => {
            leave()
            controller.error(new TypeError('network error'))
          },
        }
        this.#readers.add(reader)
        signal?.addEventListener('abort', () => {
          if (!this.#readers.has(reader)) return
          leave()
          controller.error(new DOMException('aborted', 'AbortError'))
        })
        reader.write(commentFrame('hello'))
        sessionIds.forEach((sessionId, at) => {
          const named = sessionIds.length === 1 ? lastEventId : undefined
          this.#join(reader, sessionId, named ?? parseCursor(afters[at] ?? ''), afters[at])
        })
      },
    })
    return new Response(body, { headers: { 'content-type': 'text/event-stream; charset=utf-8' } })
  }

  #join(
    reader: Reader,
    sessionId: string,
    after: ReturnType<typeof parseCursor>,
    given: string | undefined,
  ): void {
    const stream = this.stream(sessionId)
    if (stream.deleted) {
      reader.write(this.#control('session_closed', { code: 'session_expired' }, sessionId))
      return
    }
    const events = after === undefined ? undefined : stream.after(after)
    if (events === undefined) {
      if (after !== undefined || (given ?? '') !== '') {
        reader.write(this.#control('reset', { reason: 'epoch', head: stream.cursor }, sessionId))
      }
      for (const part of stream.snapshot(this.#now())) reader.write(controlFrame(part, part.id))
    }
    for (const event of events ?? []) reader.write(frameOf(event))
    reader.write(this.#control('caught_up', { head: stream.cursor }, sessionId))
  }

  #tell(sessionId: string, event: Envelope): void {
    for (const reader of this.#readersOf(sessionId)) reader.write(frameOf(event))
  }

  #readersOf(sessionId: string): readonly Reader[] {
    return [...this.#readers].filter(({ sessionIds }) => sessionIds.includes(sessionId))
  }

  #control<T extends keyof ControlData>(type: T, data: ControlData[T], sessionId: string): string {
    return controlFrame({ type, data, timestamp: this.#now(), sessionId })
  }

  #newEpoch(): string {
    return `epoch${String(++this.#epochs).padStart(4, '0')}`
  }
}

function frameOf(event: Envelope): string {
  return controlFrame(event, event.id)
}
