import { StreamError } from '@throughline/protocol'
import type { AuditReason } from './audit.ts'

/** Why somebody was refused, as the cause of the error: the record tells it, the answer does not. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly reason: AuditReason

  constructor(reason: AuditReason, cause?: unknown) {
    super(reason, { cause })
    this.reason = reason
  }
}

/** The reason behind an error, if it is a refusal; one that says 429 is, whoever counts. */
export function refusalReason(error: unknown): AuditReason | undefined {
  if (!(error instanceof Error)) return undefined
  if (error.cause instanceof Refusal) return error.cause.reason
  return error instanceof StreamError && error.status === 429 ? 'too_many_requests' : undefined
}
