import { ID_PATTERN, StreamError, formatCursor } from '@throughline/protocol'
import { AppendsUnderWay } from './appends-under-way.ts'
import { groupLines } from './line-groups.ts'
import { LineSplitter } from './line-splitter.ts'
import { createPatience } from './patience.ts'
import { appendProduced, mayBeOwned, type Produced } from './produce.ts'
import type { UserCall } from './route.ts'
import type { Services } from './services.ts'
import { tooLarge } from './whole-body.ts'

/** Where a stream of lines got to. */
export interface LinesAppended {
  readonly cursor: string
  readonly producerSeq: number
}

/** What the query says of every line. */
type Heading = Pick<Produced, 'sessionId' | 'producerId' | 'runId' | 'fence'>

/** A long stream is asked this often whether it may still write. */
const RECHECK_MS = 5_000

/**
 * Appends the lines of an NDJSON body as they arrive, in order: those that came together in one step, several steps under
 * way at once. One that is refused ends it, whether its sender says more or not.
 * @throws StreamError for the first line that is refused; those before it are in the log
 */
export async function appendLines(
  services: Services,
  call: UserCall,
  sessionId: string,
): Promise<LinesAppended> {
  const heading = readHeading(call.query, sessionId)
  const recheck = createRecheck(services, call, sessionId)
  const { maxEventBytes, bodyIdleMs, timers, draining } = services
  const lines = new LineSplitter(maxEventBytes)
  // At the end of this server the sender reconnects and asks for its last number; what is under way is finished first.
  const patience = createPatience({ idleMs: bodyIdleMs, timers, signal: draining })
  const appends = new AppendsUnderWay(() => {
    patience.end(new Error('a line was refused'))
  })
  const pieces = call.request.body[Symbol.asyncIterator]()
  try {
    for (let isOver = false; !isOver && !appends.isRefused;) {
      const piece = await patience.wait(pieces.next())
      isOver = piece.done === true
      const together = piece.done === true ? lines.end() : lines.push(piece.value)
      const checking = recheck()
      if (checking !== undefined) await checking
      for (const group of groupLines(together)) {
        const produced = { ...heading, ...group }
        appends.add(group.through, appendProduced(services, produced))
        if (mayBeOwned(produced)) await appends.settled()
        else if (appends.isFull) await appends.room()
      }
      if (lines.isTooLong) throw tooLarge(maxEventBytes)
    }
  } catch (error) {
    // Of two refusals the earlier line's is told.
    await appends.finish()
    throw error
  } finally {
    patience.stop()
    // Not waited for: it may stand behind a piece that never comes.
    pieces.return?.().catch(() => undefined)
  }
  const reached = await appends.finish()
  if (reached !== undefined) return { cursor: formatCursor(reached.head), producerSeq: reached.producerSeq }
  return { cursor: formatCursor(await services.log.head(sessionId)), producerSeq: 0 }
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

/** Answers `undefined` when it is not time yet. */
function createRecheck(
  services: Services,
  { identity }: UserCall,
  sessionId: string,
): () => Promise<unknown> | undefined {
  let checkedAt = services.now()
  return () => {
    if (services.now() - checkedAt < RECHECK_MS) return undefined
    checkedAt = services.now()
    services.auth.requireValid(identity)
    return services.access.readable(identity, sessionId)
  }
}
