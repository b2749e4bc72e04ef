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

/** The reason behind an error, if it is a refusal. */
export function refusalReason(error: unknown): AuditReason | undefined {
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof Refusal ? cause.reason : undefined
}
