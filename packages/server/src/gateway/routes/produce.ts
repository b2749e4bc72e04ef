import { checkProduceBatch, formatCursor } from '@throughline/protocol'
import { isType, readJson } from '../body.ts'
import { appendLines } from '../produce-stream.ts'
import { appendProduced } from '../produce.ts'
import { json } from '../reply.ts'
import type { Route, UserCall } from '../route.ts'
import type { Services } from '../services.ts'
import { tooLarge } from '../whole-body.ts'

/** PROTOCOL.md §5: what a batch may weigh. */
const BATCH_BYTES = 1_048_576

/** For producers: events in batches or streamed, and how far the log has them. */
export function produceRoutes(services: Services): readonly Route[] {
  const { access, log, maxEventBytes } = services
  const bodyBytes = Math.max(BATCH_BYTES, maxEventBytes)

  const readable = async ({ identity, params }: UserCall): Promise<string> =>
    (await access.readable(identity, params['sessionId'] ?? '')).id

  const appendBatch = async ({ request }: UserCall, sessionId: string): Promise<{ cursor: string }> => {
    const { events, ...batch } = checkProduceBatch(await readJson(request, bodyBytes))
    // A whole body that is no larger holds no event that is.
    const declared = Number(request.header('content-length') ?? Infinity)
    if (declared > maxEventBytes) for (const event of events) requireFits(event, maxEventBytes)
    const head = await appendProduced(services, { ...batch, sessionId, drafts: events })
    return { cursor: formatCursor(head) }
  }

  return [
    {
      method: 'POST',
      pattern: '/api/sessions/:sessionId/events',
      access: 'publish',
      async handle(call) {
        const sessionId = await readable(call)
        const streamed = isType(call.request, 'application/x-ndjson')
        return json(
          200,
          await (streamed ? appendLines(services, call, sessionId) : appendBatch(call, sessionId)),
        )
      },
    },
    {
      method: 'GET',
      pattern: '/api/sessions/:sessionId/producers/:producerId',
      access: 'publish',
      async handle(call) {
        const sessionId = await readable(call)
        const producerId = call.params['producerId'] ?? ''
        const last = await log.driver.producer(sessionId, producerId)
        const { producerSeq, head } = last ?? { producerSeq: 0, head: await log.head(sessionId) }
        return json(200, { producerId, producerSeq, cursor: formatCursor(head) })
      },
    },
  ]
}

function requireFits(event: object, maxBytes: number): void {
  const bytes = new TextEncoder().encode(JSON.stringify(event)).length
  if (bytes > maxBytes) throw tooLarge(maxBytes)
}
