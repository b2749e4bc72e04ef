import { setTimeout as wait } from 'node:timers/promises'
import type { ProducedEvent } from '@throughline/protocol'
import type { ApiUser } from './api.ts'
import type { Random } from './random.ts'

/** A batch that the hub said it has. */
export interface Acknowledged {
  readonly producerSeq: number
  readonly cursor: string
  readonly events: readonly ProducedEvent[]
}

/** A backend that sends each batch until it is acknowledged, always under the same number. */
export interface Producer {
  readonly id: string
  readonly acknowledged: readonly Acknowledged[]
  /** Sends more often than once. */
  readonly repeats: number
  /** Resolves with the cursor. @throws when it is refused for good, or not accepted within a minute */
  publish(events: readonly ProducedEvent[]): Promise<string>
}

const RETRY_MS = 25
const ANSWER_WITHIN_MS = 3_000
const GIVE_UP_MS = 60_000

export interface ProducerOptions {
  readonly id?: string
  /** Default: the user's server. */
  readonly url?: string
  readonly run?: { readonly runId: string; readonly fence: number }
}

export function createProducer(user: ApiUser, sessionId: string, options: ProducerOptions = {}): Producer {
  const { id = 'p', url = user.url, run = {} } = options
  const acknowledged: Acknowledged[] = []
  let repeats = 0

  const attempt = async (body: string): Promise<string | undefined> => {
    const response = await fetch(`${url}/api/sessions/${sessionId}/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${user.token}`, 'content-type': 'application/json' },
      body,
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    }).catch(() => undefined)
    const text = await response?.text().catch(() => undefined)
    if (response === undefined || text === undefined || [429, 502, 503].includes(response.status))
      return undefined
    if (!response.ok) throw new Error(`${id}: ${response.status} ${text}`)
    return (JSON.parse(text) as { cursor: string }).cursor
  }

  return {
    id,
    acknowledged,
    get repeats() {
      return repeats
    },
    async publish(events) {
      const producerSeq = acknowledged.length + 1
      const body = JSON.stringify({ producerId: id, producerSeq, events, ...run })
      const deadline = Date.now() + GIVE_UP_MS
      for (;;) {
        const cursor = await attempt(body)
        if (cursor !== undefined) {
          acknowledged.push({ producerSeq, cursor, events })
          return cursor
        }
        if (Date.now() > deadline) throw new Error(`${id}: batch ${producerSeq} was not accepted`)
        repeats += 1
        await wait(RETRY_MS)
      }
    },
  }
}

const PIECES = ['plain ', 'é ', '漢字 ', '🎉 ', '👩‍🚀 ', 'a\nb ', '"q" ', '\\ ', ' ', 'data: x\n\n'] as const

/** The events of one message whose end names its whole text. */
export function messageEvents(
  sessionId: string,
  messageId: string,
  pieces: readonly string[],
): ProducedEvent[] {
  const chunk = (content: string): ProducedEvent => ({
    type: 'message_chunk',
    data: { messageId, content, isComplete: false },
  })
  return [
    { type: 'message_started', data: { messageId, role: 'assistant' } },
    ...pieces.map(chunk),
    { type: 'message_completed', data: { messageId, sessionId, finalContent: pieces.join('') } },
  ]
}

/** Pieces of text with every width of UTF-8 and everything that SSE and JSON must escape. */
export function randomPieces(random: Random, count: number): string[] {
  return Array.from({ length: count }, () => random.pick(PIECES))
}

/** Lines of an NDJSON body, numbered from `first`. */
export function ndjson(events: readonly ProducedEvent[], first = 1): string {
  return events
    .map((event, index) => `${JSON.stringify({ producerSeq: first + index, ...event })}\n`)
    .join('')
}
