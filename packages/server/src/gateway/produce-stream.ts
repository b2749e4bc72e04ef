import { ID_PATTERN, StreamError, formatCursor, type Position } from '@throughline/protocol'
import { groupLines } from './line-groups.ts'
import { readLines } from './ndjson.ts'
import { appendProduced, type Produced } from './produce.ts'
import type { UserCall } from './route.ts'
import type { Services } from './services.ts'

/** Where a stream of lines got to. */
export interface LinesAppended {
  readonly cursor: string
  readonly producerSeq: number
}

/** What the query says of every line. */
type Heading = Pick<Produced, 'sessionId' | 'producerId' | 'runId' | 'fence'>

/** Appends under way at once; the sender is read no further meanwhile. */
const MAX_PENDING = 16
/** A long stream is asked this often whether it may still write. */
const RECHECK_MS = 5_000

/**
 * Appends the lines of an NDJSON body as they arrive, in order: those that came together in one step, several steps under
 * way at once.
 * @throws StreamError for the first line that is refused; those before it are in the log
 */
export async function appendLines(
  services: Services,
  call: UserCall,
  sessionId: string,
): Promise<LinesAppended> {
  const heading = readHeading(call.query, sessionId)
  const recheck = createRecheck(services, call, sessionId)
  const pending: { readonly seq: number; readonly position: Promise<Position> }[] = []
  let reached: LinesAppended | undefined
  const settleFirst = async (): Promise<void> => {
    const first = pending[0]
    if (first === undefined) return
    reached = { cursor: formatCursor(await first.position), producerSeq: first.seq }
    pending.shift()
  }
  const lines = readLines(call.request.body, {
    maxBytes: services.maxEventBytes,
    idleMs: services.bodyIdleMs,
    timers: services.timers,
    // The sender reconnects and asks for its last number; what is under way is finished first.
    signal: services.draining,
  })
  try {
    for await (const together of lines) {
      await recheck()
      for (const group of groupLines(together)) {
        const position = appendProduced(services, { ...heading, ...group })
        // Its failure is seen when its turn comes.
        position.catch(() => undefined)
        pending.push({ seq: group.through, position })
        if (pending.length >= MAX_PENDING) await settleFirst()
      }
    }
    while (pending.length > 0) await settleFirst()
  } finally {
    await Promise.allSettled(pending.map(({ position }) => position))
  }
  return reached ?? { cursor: formatCursor(await services.log.head(sessionId)), producerSeq: 0 }
}

/** @throws StreamError 400 */
function readHeading(query: URLSearchParams, sessionId: string): Heading {
  const producerId = query.get('producerId') ?? ''
  const runId = query.get('runId') ?? undefined
  const fence = query.get('fence') ?? undefined
  const isFence = fence === undefined || /^[0-9]{1,15}$/.test(fence)
  if (!ID_PATTERN.test(producerId) || (runId !== undefined && !ID_PATTERN.test(runId)) || !isFence) {
    throw new StreamError('invalid_request', 'Say who sends: ?producerId=…, and for a run &runId=…&fence=….')
  }
  return {
    sessionId,
    producerId,
    ...(runId !== undefined && { runId }),
    ...(fence !== undefined && { fence: Number(fence) }),
  }
}

function createRecheck(services: Services, { identity }: UserCall, sessionId: string): () => Promise<void> {
  let checkedAt = services.now()
  return async () => {
    if (services.now() - checkedAt < RECHECK_MS) return
    checkedAt = services.now()
    services.auth.requireValid(identity)
    await services.access.readable(identity, sessionId)
  }
}
