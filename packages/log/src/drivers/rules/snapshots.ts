import type { StoredSnapshot } from '../../log-driver.ts'
import type { Extent } from './places.ts'
import { conflict } from './refusals.ts'

/** @throws `conflict` for a snapshot of another life of the stream, or of more than there is */
export function checkSnapshot(extent: Extent, { position }: StoredSnapshot): void {
  if (position.epoch !== extent.epoch || position.offset > extent.head) {
    throw conflict('The snapshot is not of this stream as it is now.')
  }
}

/** Whether `next` is worth more than what is kept: of a newer reducer, or of the same and so many events further on. */
export function replacesSnapshot(
  kept: Pick<StoredSnapshot, 'position' | 'reducerVersion'> | undefined,
  next: StoredSnapshot,
  apart = 0,
): boolean {
  if (kept === undefined || kept.reducerVersion < next.reducerVersion) return true
  return kept.reducerVersion === next.reducerVersion && kept.position.offset + apart <= next.position.offset
}
