import type { Logger } from '../logger.ts'

/** What is recorded: who got in, who did not, and what ended. */
export type AuditEvent =
  | 'signed_in'
  | 'sign_up_asked'
  | 'signed_up'
  | 'sign_in_refused'
  | 'signed_out'
  | 'signed_out_everywhere'
  | 'login_refreshed'
  | 'login_revoked'
  | 'password_changed'
  | 'reset_asked'
  | 'password_reset'
  | 'mail_sent'
  | 'mail_failed'
  | 'account_deleted'
  | 'share_created'
  | 'share_opened'
  | 'share_revoked'
  | 'request_refused'
  | 'stream_ended'

/** Why, in a word: a text of somebody's own could hold a secret. */
export type AuditReason =
  | 'guest'
  | 'password'
  | 'upgrade'
  | 'host'
  | 'origin'
  | 'no_credentials'
  | 'invalid_token'
  | 'expired_token'
  | 'revoked_token'
  | 'reused_token'
  | 'wrong_credentials'
  | 'missing_scope'
  | 'not_owner'
  | 'unknown_link'
  | 'confirm'
  | 'address_taken'
  | 'reset'
  | 'no_account'
  | 'notice'
  | 'mail_server'
  | 'mail_refused'
  | 'mail_given_up'
  | 'too_many_requests'
  | 'too_many_connections'
  | 'too_much_replay'
  | 'expired'
  | 'revoked'

export interface AuditRecord {
  readonly event: AuditEvent
  readonly reason?: AuditReason
  readonly userId?: string
  /** The login. */
  readonly sid?: string
  readonly sessionId?: string
  /** Where it came from. */
  readonly address?: string
  /** Of a mail: what stands behind the @, and no more of it. */
  readonly domain?: string
  readonly method?: string
  /** The pattern of the route and never the path: names in it may be a person's. */
  readonly route?: string
  readonly status?: number
}

/** The record of who was let in, refused and shown out. */
export interface Audit {
  record(record: AuditRecord): void
}

export interface AuditOptions {
  readonly logger: Logger
  readonly now?: () => number
  /** Lines a minute; those beyond are counted, and the number is told when the minute is over. Default 600. */
  readonly perMinute?: number
}

const MINUTE_MS = 60_000
const MAX_TEXT = 128

/** What happens to everybody every day; the rest is worth a look. */
const ROUTINE: ReadonlySet<AuditReason | undefined> = new Set([
  undefined,
  'guest',
  'password',
  'upgrade',
  'confirm',
  'reset',
  'notice',
  'no_credentials',
  'expired_token',
  'expired',
])

/** Writes the record to the operator's log: `audit` names the event, at most `perMinute` lines a minute. */
export function createAudit({ logger, now = Date.now, perMinute = 600 }: AuditOptions): Audit {
  let minute = 0
  let written = 0
  let suppressed = 0

  const isRoom = (): boolean => {
    const current = Math.floor(now() / MINUTE_MS)
    if (current !== minute) {
      if (suppressed > 0) logger.warn({ audit: 'suppressed', count: suppressed }, 'audit')
      minute = current
      written = suppressed = 0
    }
    written += 1
    if (written > perMinute) suppressed += 1
    return written <= perMinute
  }

  return {
    record(record) {
      if (!isRoom()) return
      const write = ROUTINE.has(record.reason) ? logger.info : logger.warn
      write.call(logger, fieldsOfRecord(record), 'audit')
    },
  }
}

/** Keeps nobody's record. */
export const silentAudit: Audit = { record: () => undefined }

/** The known fields and nothing else, each of bounded length. */
function fieldsOfRecord(record: AuditRecord): object {
  const { event, reason, status } = record
  const { userId, sid, sessionId, address, domain, method, route } = record
  const texts = { userId, sid, sessionId, address, domain, method, route }
  const given = Object.entries(texts).flatMap(([name, text]) =>
    text === undefined ? [] : [[name, text.slice(0, MAX_TEXT)]],
  )
  return {
    audit: event,
    ...(reason !== undefined && { reason }),
    ...(status !== undefined && { status }),
    ...(Object.fromEntries(given) as object),
  }
}
