import {
  formatCursor,
  isContiguous,
  parseCursor,
  parseSnapshot,
  reduceConversation,
  windowConversation,
  type ConversationState,
  type Envelope,
  type Position,
} from '@throughline/protocol'
import type { Hub, Subscriber } from '../hub.ts'
import { createRecordingSink, type RecordingSink } from './recording-sink.ts'

/** One reader of both streams: folds what it gets and checks each step of it. */
export class SimulatedReader {
  readonly #hub: Hub
  readonly #streams: readonly string[]
  readonly #places = new Map<string, { position: Position; state: ConversationState }>()
  readonly #snapshots = new Map<string, string>()
  #sink: RecordingSink | undefined
  #subscriber: Subscriber | undefined
  #read = 0
  #isBlocked = false

  constructor(hub: Hub, streams: readonly string[]) {
    this.#hub = hub
    this.#streams = streams
  }

  leaveOrJoin(random: () => number): void {
    if (this.#sink === undefined) this.#join(random)
    else this.#leave()
  }

  blockOrDrain(writes: number): void {
    if (this.#isBlocked) this.#sink?.drain()
    else this.#sink?.block(writes)
    this.#isBlocked = !this.#isBlocked
  }

  settle(): void {
    if (this.#sink === undefined) this.#join(() => 0.9)
    this.#sink?.drain()
  }

  check(): void {
    if (this.#sink === undefined) return
    for (const envelope of this.#sink.envelopes.slice(this.#read)) {
      this.#read++
      this.#take(envelope)
    }
  }

  expectAt(stream: string, head: Position, whole: ConversationState | undefined): void {
    const place = this.#places.get(stream)
    const at = place && formatCursor(place.position)
    if (at !== formatCursor(head))
      throw new Error(`${stream} is at ${formatCursor(head)}, its reader at ${String(at)}`)
    if (whole === undefined || place === undefined) return
    const [ours, theirs] = [windowConversation(place.state), whole].map((state) => JSON.stringify(state))
    if (ours !== theirs) throw new Error(`folded ${String(ours)} instead of ${String(theirs)}`)
  }

  #join(random: () => number): void {
    this.#sink = createRecordingSink()
    this.#read = 0
    this.#isBlocked = false
    this.#subscriber = this.#hub.subscribe({
      sessions: this.#streams.map((sessionId) => {
        if (random() < 0.1) return { sessionId, after: random() < 0.5 ? 'malformed' : 'anotherone-3' }
        const place = this.#places.get(sessionId)
        return {
          sessionId,
          ...(place !== undefined && random() > 0.1 && { after: formatCursor(place.position) }),
        }
      }),
      sink: this.#sink,
      userId: 'ada',
      authorise: () => Promise.resolve(true),
    })
  }

  #leave(): void {
    this.#sink?.leave()
    this.#subscriber?.close('left')
    this.#sink = this.#subscriber = undefined
    this.#snapshots.clear()
  }

  #take(envelope: Envelope): void {
    const { type, sessionId, id, data } = envelope
    const place = this.#places.get(sessionId)
    if (type === 'reset') this.#places.delete(sessionId)
    else if (type === 'snapshot') this.#takeSnapshot(envelope)
    else if (type === 'caught_up') this.#expectPlace(sessionId, (data as { head: string }).head, type)
    else if (type === 'heartbeat') {
      const { heads } = data as { heads: Record<string, string> }
      for (const [stream, head] of Object.entries(heads)) this.#expectPlace(stream, head, type)
    } else if (id === undefined) throw new Error(`unexpected ${type}`)
    else {
      if (place === undefined) throw new Error(`${id} came before a snapshot`)
      const position = parseCursor(id)
      if (position === undefined || position.offset <= place.position.offset)
        throw new Error(`${id} came twice`)
      if (!isContiguous(place.position, envelope))
        throw new Error(`gap before ${id} at ${formatCursor(place.position)}`)
      this.#places.set(sessionId, { position, state: reduceConversation(place.state, [envelope]) })
    }
  }

  #takeSnapshot({ sessionId, id, data }: Envelope): void {
    const {
      part,
      parts,
      reducerVersion,
      state: text,
    } = data as {
      part: number
      parts: number
      reducerVersion: number
      state: string
    }
    const whole = (part === 1 ? '' : (this.#snapshots.get(sessionId) ?? '')) + text
    this.#snapshots.set(sessionId, whole)
    if (part < parts) return
    const position = parseCursor(id ?? '')
    const state = parseSnapshot(reducerVersion, whole)
    if (position === undefined || state === undefined) throw new Error('a snapshot without id or state')
    this.#places.set(sessionId, { position, state })
  }

  #expectPlace(stream: string, head: string, type: string): void {
    const place = this.#places.get(stream)
    const at = place && formatCursor(place.position)
    if (at !== head) throw new Error(`${type} told ${head} to a reader at ${String(at)}`)
  }
}
