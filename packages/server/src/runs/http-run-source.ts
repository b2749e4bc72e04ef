import { StreamError, parseSnapshot, type ClaimedRun, type ConversationState } from '@throughline/protocol'
import { systemTimers, type Timers } from '../hub/timers.ts'
import { createHttpPort } from './http-port.ts'
import { createHubClient, type HubClientOptions } from './hub-client.ts'
import { createOwnedWriter, type OwnedWriter } from './owned-writer.ts'
import type { RunSource } from './run-source.ts'
import { fieldsOf } from '../fields.ts'

export interface HttpRunSourceOptions extends HubClientOptions {
  /** Name under which runs are claimed, for the operator. Default: a random one. */
  readonly owner?: string
  readonly timers?: Timers
  readonly random?: () => number
  readonly onError?: (error: unknown, context: string) => void
}

/** Longest that the hub lets a claim wait. PROTOCOL.md §5. */
const MAX_WAIT_MS = 25_000

/**
 * Runs of a hub elsewhere, over HTTP alone. `claim` rejects with the hub's `StreamError` when it cannot be asked:
 * whoever claims in a loop backs off.
 */
export function createHttpRunSource(options: HttpRunSourceOptions): RunSource {
  const { timers = systemTimers, random = Math.random, onError = () => undefined } = options
  const client = createHubClient(options)
  const owner = options.owner ?? crypto.randomUUID()
  const closing = new AbortController()
  const owned = new Set<OwnedWriter>()

  const claim = async (waitMs: number, signal: AbortSignal): Promise<ClaimedRun | undefined> => {
    const body = { wait: Math.min(waitMs, MAX_WAIT_MS) / 1_000, owner }
    try {
      const answer = await client.request('POST', '/api/runs/claim', { body, signal })
      return answer === undefined ? undefined : (answer as ClaimedRun)
    } catch (error) {
      if (signal.aborted) return undefined
      throw error
    }
  }

  const conversationOf = async ({ sessionId }: ClaimedRun): Promise<ConversationState> => {
    const path = `/api/sessions/${encodeURIComponent(sessionId)}`
    const answer = fieldsOf(await client.request('GET', path))
    const state = parseSnapshot(Number(answer['reducerVersion']), JSON.stringify(answer['state']))
    if (state !== undefined) return state
    throw new StreamError('server_error', 'The hub speaks another version: update this worker.', {
      retryable: false,
    })
  }

  return {
    async claim({ waitMs, signal }) {
      const either = AbortSignal.any([signal, closing.signal])
      if (either.aborted) return undefined
      const run = await claim(waitMs, either)
      if (run === undefined) return undefined
      const port = createHttpPort({ client, run, timers, random, onError })
      const { runId, fence, ttl: ttlMs } = run
      const writer = createOwnedWriter({ runId, fence, port, ttlMs, timers, random, onError })
      owned.add(writer)
      void writer.done.then(() => owned.delete(writer))
      try {
        return { ...run, writer, conversation: await conversationOf(run) }
      } catch (error) {
        await writer.abandon()
        throw error
      }
    },
    async close() {
      closing.abort()
      await Promise.all([...owned].map((writer) => writer.abandon()))
    },
  }
}
