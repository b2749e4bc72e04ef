import { StreamError, parseCursor, parseEnvelope, type ClaimedRun } from '@throughline/protocol'
import type { Timers } from '../hub/timers.ts'
import type { HubClient } from './hub-client.ts'
import { runProducer } from './names.ts'
import { FOLLOWED_TYPES, type RunPort } from './run-port.ts'
import { fieldsOf } from '../fields.ts'
import { pause } from '../pause.ts'

export interface HttpPortOptions {
  readonly client: HubClient
  readonly run: ClaimedRun
  readonly timers: Timers
  readonly random: () => number
  readonly onError: (error: unknown, context: string) => void
}

const MIN_RETRY_MS = 500
const MAX_RETRY_MS = 5_000

/** A run's way to the log of a hub elsewhere. */
export function createHttpPort({ client, run, timers, random, onError }: HttpPortOptions): RunPort {
  const { sessionId, runId, fence } = run
  const producerId = runProducer(runId, fence)
  const session = `/api/sessions/${encodeURIComponent(sessionId)}`
  const runPath = `${session}/runs/${encodeURIComponent(runId)}`

  return {
    async append({ seq, drafts }) {
      const body = { producerId, producerSeq: seq, runId, fence, events: drafts }
      const { cursor } = fieldsOf(await client.request('POST', `${session}/events`, { body }))
      const position = typeof cursor === 'string' ? parseCursor(cursor) : undefined
      if (position === undefined) throw new StreamError('network_error', 'The hub answered without a cursor.')
      return position
    },
    signal(draft) {
      // Such events are no part of what the producer counts, so they go under a name of their own.
      const body = { producerId: `t_${crypto.randomUUID()}`, producerSeq: 1, runId, fence, events: [draft] }
      client.request('POST', `${session}/events`, { body }).catch((error: unknown) => {
        onError(error, 'telling an ephemeral event')
      })
    },
    async renew() {
      await client.request('POST', `${runPath}/renew`, { body: { fence } })
    },
    async release() {
      await client.request('POST', `${runPath}/release`, { body: { fence } })
    },
    async follow(onEvent, signal) {
      let after = run.cursor
      const path = `/api/run_sse/${encodeURIComponent(sessionId)}`
      for (let retryMs = MIN_RETRY_MS; !signal.aborted; retryMs = Math.min(MAX_RETRY_MS, retryMs * 2)) {
        try {
          await client.stream(path, {
            after,
            signal,
            onFrame({ event, data, id }) {
              retryMs = MIN_RETRY_MS
              if (FOLLOWED_TYPES.has(event)) {
                const envelope = parseEnvelope(data)
                if (envelope !== undefined) onEvent(envelope)
              }
              if (id !== '') after = id
            },
          })
        } catch (error) {
          // What was missed for good (the session is gone, the token is over) the next renewal tells, too.
          if (!(error instanceof StreamError) || !error.retryable) throw error
        }
        await pause(timers, retryMs * (0.5 + random() / 2), signal)
      }
    },
  }
}
