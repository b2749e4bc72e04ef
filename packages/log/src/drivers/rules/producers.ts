import type { Position } from '@throughline/protocol'
import type { ProducerPosition } from '../../log-driver.ts'
import { conflict } from './refusals.ts'

/** What a producer sent last. */
export interface ProducerState {
  readonly producerSeq: number
  readonly head: Position
}

/**
 * How many of the batches that a request brings were accepted before. Only the newest place is kept, so the repeat of
 * an older batch is answered like that of the newest: it, too, is in the log by then. @throws `conflict` for a gap
 */
export function countAccepted(last: ProducerState | undefined, { producerSeq }: ProducerPosition): number {
  const expected = (last?.producerSeq ?? 0) + 1
  if (producerSeq > expected) {
    throw conflict(`Batches are missing before ${String(producerSeq)}: send ${String(expected)} next.`)
  }
  return expected - producerSeq
}

/** Number of the last batch that a request brings. */
export function lastOf({ producerSeq, through = producerSeq }: ProducerPosition): number {
  return through
}
