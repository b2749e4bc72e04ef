import type { Fence, LeaseClaim, LeaseRef, RunLease, RunRecord } from '../../log-driver.ts'
import { conflict } from './refusals.ts'

/** A run nobody owns yet. */
export function queuedLease(run: RunRecord): RunLease {
  return { run, phase: 'queued', owner: null, fence: 0, expiresAt: 0 }
}

/** The lease under its next owner; every earlier fence is stale from now on. */
export function claimedLease(lease: RunLease, { owner, now, ttlMs }: LeaseClaim): RunLease {
  return { ...lease, phase: 'leased', owner, fence: lease.fence + 1, expiresAt: now + ttlMs }
}

/** The lease without an owner; the fence stays, so that the former owner's is stale at the next claim. */
export function releasedLease(lease: RunLease): RunLease {
  return { ...lease, phase: 'queued', owner: null, expiresAt: 0 }
}

/** @throws `conflict` when it has ended or never was */
export function endedLease(lease: RunLease | undefined): RunLease {
  if (lease === undefined) throw conflict('There is no such run.')
  if (lease.phase === 'ended') throw conflict('The run has ended.')
  return { ...lease, phase: 'ended', expiresAt: 0 }
}

/** @throws `conflict` unless `fence` is that of the present owner */
export function ownedLease(lease: RunLease | undefined, fence: LeaseRef['fence']): RunLease {
  if (lease === undefined) throw conflict('There is no such run.')
  if (lease.phase === 'ended') throw conflict('The run has ended.')
  if (lease.phase !== 'leased' || lease.fence !== fence) throw conflict('The run has another owner: stop.')
  return lease
}

/** The lease after an append that carries `fence`. @throws `conflict` when the fence proves nothing */
export function fencedLease(lease: RunLease | undefined, fence: Fence): RunLease {
  const owned = ownedLease(lease, fence.fence)
  if (fence.expiredBy !== undefined && owned.expiresAt > fence.expiredBy) {
    throw conflict('The lease was renewed: its owner is alive.')
  }
  return fence.renew === undefined ? owned : renewedLease(owned, fence.renew)
}

/** The lease until `now + ttlMs`: by the caller's clock, so that a clock set back does not make it last. */
export function renewedLease(lease: RunLease, until: { now: number; ttlMs: number }): RunLease {
  return { ...lease, expiresAt: until.now + until.ttlMs }
}
