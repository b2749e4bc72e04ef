import { createSseDecoder, parseEnvelope, type Envelope } from '@throughline/protocol'
import type { TestService } from './service.ts'

export interface TestStream {
  readonly status: number
  readonly headers: Headers
  readonly envelopes: readonly Envelope[]
  /** Resolves when an envelope passes, looking at those that came, too. */
  until(test: (envelope: Envelope) => boolean): Promise<Envelope>
  /** Resolves when the server ended the stream. */
  readonly ended: Promise<void>
  leave(): void
}

export interface TestStreamOptions {
  readonly as?: string
  readonly scope?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** A reader of a stream over HTTP. */
export async function openStream(
  hub: TestService,
  path: string,
  { as = 'ada', scope, headers = {} }: TestStreamOptions = {},
): Promise<TestStream> {
  const controller = new AbortController()
  const authorization = `Bearer ${await hub.token(as, scope)}`
  const response = await fetch(hub.url + path, {
    headers: { authorization, ...headers },
    signal: controller.signal,
  })
  const envelopes: Envelope[] = []
  const waiting = new Set<(envelope: Envelope) => void>()
  const decoder = createSseDecoder({
    onFrame({ data }) {
      const envelope = parseEnvelope(data)
      if (envelope === undefined) throw new Error(`not an envelope: ${data}`)
      envelopes.push(envelope)
      for (const look of waiting) look(envelope)
    },
  })
  const ended = (async () => {
    try {
      for await (const bytes of response.body ?? []) decoder.push(bytes)
    } catch (error) {
      if (!controller.signal.aborted) throw error
    }
  })()
  return {
    status: response.status,
    headers: response.headers,
    envelopes,
    until: (test) =>
      new Promise((resolve) => {
        const look = (envelope: Envelope): void => {
          if (!test(envelope)) return
          waiting.delete(look)
          resolve(envelope)
        }
        waiting.add(look)
        envelopes.forEach(look)
      }),
    ended,
    leave() {
      controller.abort()
    },
  }
}

export const isType =
  (type: string) =>
  (envelope: Envelope): boolean =>
    envelope.type === type
