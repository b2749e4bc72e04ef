import { request } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import {
  createSseDecoder,
  formatCursor,
  initialConversation,
  joinSnapshotParts,
  parseCursor,
  parseSnapshot,
  reduceConversation,
  type ControlData,
  type ConversationState,
  type Envelope,
  type Frame,
} from '@throughline/protocol'
import { serverState, type ApiUser } from './api.ts'
import { epochOf } from './session-log.ts'

export interface FollowOptions {
  /** Where to connect. Default: the user's server. */
  readonly url?: string
  /** `start`: every event from the first; `snapshot`: joins nowhere. Default `start`. */
  readonly from?: 'start' | 'snapshot'
  /** Its epoch when known, to begin without asking. */
  readonly epoch?: string
  /** About how long it waits between connections. Default 20. */
  readonly retryMs?: number
  /** A connection that is quiet for longer is given up. Default: never. */
  readonly silenceMs?: number
  /** Statuses that it comes back after, beside those of a server that is not there. Default: none. */
  readonly forgive?: readonly number[]
  /** Whether events are kept for `events`. Default `true`. */
  readonly keep?: boolean
}

/** A reader that resumes with its cursor after whatever happens, and finds every protocol violation. */
export interface Follower {
  readonly sessionId: string
  readonly state: ConversationState
  /** Stored events in the order they came, since the last reset. */
  readonly events: readonly Envelope[]
  /** Reasons of the resets it was told. */
  readonly resets: readonly string[]
  /** Codes with which its session was closed for it. */
  readonly closes: readonly string[]
  /** How often it connected, was asked to reconnect, was given a snapshot, caught up, and heard a heartbeat. */
  readonly counts: {
    connects: number
    reconnects: number
    snapshots: number
    caughtUp: number
    heartbeats: number
  }
  /** Resolves once `test` holds. @throws at the first violation, or after `timeoutMs` (60 s) */
  until(test: (follower: Follower) => boolean, timeoutMs?: number): Promise<void>
  /** Resolves once it has everything up to the server's head. */
  reachHead(timeoutMs?: number): Promise<void>
  /** Drops the connection; it comes back by itself. */
  drop(): void
  close(): void
}

/** Begins to follow a session. */
export async function follow(
  user: ApiUser,
  sessionId: string,
  options: FollowOptions = {},
): Promise<Follower> {
  const { url = user.url, from = 'start', silenceMs = 0, retryMs = 20, keep = true, forgive = [] } = options
  const counts = { connects: 0, reconnects: 0, snapshots: 0, caughtUp: 0, heartbeats: 0 }
  const resets: string[] = []
  const closes: string[] = []
  const waiting = new Set<() => void>()
  let cursor = from === 'start' ? `${options.epoch ?? (await epochOf(user, sessionId))}-0` : undefined
  let state = initialConversation(sessionId)
  let events: Envelope[] = []
  let fresh: Envelope[] = []
  let parts: ControlData['snapshot'][] = []
  let mayJoin = from === 'snapshot'
  let violation: Error | undefined
  let closed = false
  let leave: () => void = () => undefined

  const violated = (text: string): void => {
    violation ??= new Error(`${sessionId} at ${String(cursor)}: ${text}`)
    closed = true
    leave()
  }
  const offsetNow = (): number => (cursor === undefined ? 0 : (parseCursor(cursor)?.offset ?? 0))

  const onStored = (envelope: Envelope, id: string): void => {
    const at = parseCursor(id)
    const last = cursor === undefined ? undefined : parseCursor(cursor)
    if (at === undefined || last === undefined) violated(`an event without a place: ${id}`)
    else if (at.epoch !== last.epoch) violated(`another epoch without a reset: ${id}`)
    else if (at.offset <= last.offset) violated(`an event twice: ${id}`)
    else if ((envelope.prev ?? at.offset - 1) > last.offset) violated(`a gap before ${id}`)
    else {
      cursor = id
      fresh.push(envelope)
    }
  }
  const onSnapshot = (part: ControlData['snapshot'], frame: Frame): void => {
    if (!mayJoin) violated('a snapshot that it did not need')
    parts.push(part)
    if (part.part < part.parts) return
    const text = joinSnapshotParts(parts)
    const joined = text === undefined ? undefined : parseSnapshot(part.reducerVersion, text)
    parts = []
    if (joined === undefined) violated('a snapshot that cannot be read')
    else {
      state = joined
      cursor = frame.id
      mayJoin = false
      counts.snapshots += 1
      if (joined.position !== null && formatCursor(joined.position) !== frame.id)
        violated(`a snapshot of another place than ${frame.id}`)
    }
  }
  const notBehind = (head: string | undefined): void => {
    if (head !== undefined && (parseCursor(head)?.offset ?? 0) > offsetNow())
      violated(`told that it has all up to ${head}`)
  }
  const onFrame = (frame: Frame): void => {
    if (closed) return
    const envelope = JSON.parse(frame.data) as Envelope
    const { type, id } = envelope
    if (type === 'snapshot') onSnapshot(envelope.data as ControlData['snapshot'], frame)
    else if (id !== undefined) onStored(envelope, id)
    else if (type === 'reset') {
      resets.push((envelope.data as ControlData['reset']).reason)
      events = []
      fresh = []
      cursor = undefined
      mayJoin = true
      state = initialConversation(sessionId)
    } else if (type === 'caught_up') {
      notBehind((envelope.data as ControlData['caught_up']).head)
      counts.caughtUp += 1
    } else if (type === 'heartbeat') {
      notBehind((envelope.data as ControlData['heartbeat']).heads[sessionId])
      counts.heartbeats += 1
    } else if (type === 'reconnect') counts.reconnects += 1
    else if (type === 'session_closed') closes.push((envelope.data as ControlData['session_closed']).code)
  }
  /** Folds what one read brought. */
  const fold = (): void => {
    if (fresh.length > 0) state = reduceConversation(state, fresh)
    if (keep) for (const event of fresh) events.push(event)
    fresh = []
    for (const wake of [...waiting]) wake()
  }

  const connectOnce = (): Promise<void> =>
    new Promise((resolve) => {
      counts.connects += 1
      parts = []
      const decoder = createSseDecoder({ onFrame })
      const path = `${url}/api/run_sse/${sessionId}`
      const asked = request(path, {
        agent: false,
        headers: {
          authorization: `Bearer ${user.token}`,
          accept: 'text/event-stream',
          ...(cursor !== undefined && { 'last-event-id': cursor }),
        },
      })
      leave = () => asked.destroy()
      if (silenceMs > 0) asked.setTimeout(silenceMs, leave)
      asked.on('error', () => resolve())
      asked.on('close', () => resolve())
      asked.on('response', (answer) => {
        const status = answer.statusCode ?? 0
        answer.on('error', () => resolve())
        answer.on('close', () => resolve())
        if (status === 200) {
          answer.on('data', (bytes: Buffer) => {
            if (closed) return
            decoder.push(bytes)
            fold()
          })
          return
        }
        if (![502, 503, 504, ...forgive].includes(status)) violated(`status ${status}`)
        answer.resume()
      })
      asked.end()
    })

  const run = async (): Promise<void> => {
    while (!closed) {
      await connectOnce()
      fold()
      if (!closed) await wait(retryMs * (0.5 + Math.random()))
    }
  }
  void run().catch((error: unknown) => {
    violated(String(error))
    fold()
  })

  const follower: Follower = {
    sessionId,
    get state() {
      return state
    },
    get events() {
      return events
    },
    resets,
    closes,
    counts,
    until: (test, timeoutMs = 60_000) =>
      new Promise((resolve, reject) => {
        const settle = (error?: Error): void => {
          clearTimeout(timer)
          waiting.delete(look)
          if (error === undefined) resolve()
          else reject(error)
        }
        const timer = setTimeout(() => {
          settle(new Error(`${sessionId}: stands at ${String(cursor)} after ${timeoutMs} ms`))
        }, timeoutMs)
        const look = (): void => {
          if (violation !== undefined) settle(violation)
          else if (test(follower)) settle()
        }
        waiting.add(look)
        look()
      }),
    async reachHead(timeoutMs) {
      const { position } = await serverState(user, sessionId)
      if (position === null) return
      await follower.until(
        () => cursor?.startsWith(`${position.epoch}-`) === true && offsetNow() >= position.offset,
        timeoutMs,
      )
    },
    drop: () => leave(),
    close() {
      closed = true
      leave()
    },
  }
  return follower
}
