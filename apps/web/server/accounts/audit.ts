import type { Logger } from '@throughline/server'

/** Something that whoever looks into a break-in asks for. It carries no secret and no e-mail address. */
export interface AuditEvent {
  readonly action:
    | 'sign_up'
    | 'sign_in'
    | 'password_changed'
    | 'account_deleted'
    | 'guest_moved'
    | 'share_created'
    | 'share_opened'
    | 'share_revoked'
    | 'provider_key_set'
  readonly outcome: 'done' | 'refused'
  readonly userId?: string
  /** The client's address. */
  readonly address?: string
  /** Why it was refused. */
  readonly reason?: string
}

/** Takes audit events. */
export type Audit = (event: AuditEvent) => void

/** Audit events as structured lines of the operator's log. */
export function auditByLogger(logger: Logger): Audit {
  return (event) => logger.info({ audit: event }, `audit: ${event.action} ${event.outcome}`)
}
