import { StreamError } from '@throughline/protocol'
import { systemTimers } from '../hub/timers.ts'
import type { ProxyOptions } from './proxy-options.ts'

export interface UpstreamRequest {
  readonly method: string
  /** Path and query; begins with `/api/`. */
  readonly target: string
  readonly headers: Headers
  readonly body?: ReadableStream<Uint8Array> | null
  /** Aborted when the browser leaves. */
  readonly signal: AbortSignal
}

/** The hub behind a proxy. */
export interface Upstream {
  /** Resolves when the answer begins. @throws StreamError `network_error` when it is unreachable or sends us elsewhere */
  ask(request: UpstreamRequest): Promise<Response>
}

const ANSWER_WITHIN_MS = 30_000

export function createUpstream(options: ProxyOptions): Upstream {
  const { fetch = globalThis.fetch, timers = systemTimers, answerWithinMs = ANSWER_WITHIN_MS } = options
  const base = options.backendUrl.replace(/\/+$/, '')

  return {
    async ask({ target, signal, body = null, ...rest }) {
      const patience = new AbortController()
      // A body may take its time; the hub has an idle timer for those.
      const cancel = body === null ? timers.schedule(() => patience.abort(), answerWithinMs) : undefined
      const init: RequestInit & { duplex?: 'half' } = {
        ...rest,
        // Goes on beyond the head: it ends the answer's body, too.
        signal: AbortSignal.any([signal, patience.signal]),
        cache: 'no-store',
        // An answer that sends us elsewhere is none of the hub's, and nobody but configuration says whom we ask.
        redirect: 'manual',
        ...(body !== null && { body, duplex: 'half' }),
      }
      const response = await fetch(base + target, init)
        .catch((error: unknown) => {
          throw unreachable(error)
        })
        .finally(cancel)
      if (response.type !== 'opaqueredirect' && (response.status < 300 || response.status >= 400))
        return response
      await response.body?.cancel()
      throw unreachable(new Error(`it answered ${String(response.status)}`))
    },
  }
}

/** The answer when the hub cannot be had: it does not say which host that is. */
export function unreachable(cause?: unknown): StreamError {
  return new StreamError('network_error', 'The server behind this one cannot be reached: try again.', {
    status: 502,
    cause,
  })
}
