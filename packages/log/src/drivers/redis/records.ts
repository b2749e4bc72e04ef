import type { RunLease, RunRecord, SessionRecord } from '../../log-driver.ts'
import type { SessionChange } from '../rules/sessions.ts'
import type { ScriptReply } from './shard.ts'

/** Fields of a session's hash and their values, one after the other. */
export function sessionFields(change: SessionChange): string[] {
  const { userId, title, renamed, archived, updatedAt, deletedAt } = change
  const fields: string[] = []
  // As JSON, which holds what is not well-formed, too.
  if (userId !== undefined) fields.push('u', JSON.stringify(userId))
  if (title !== undefined) fields.push('t', JSON.stringify(title))
  if (renamed !== undefined) fields.push('n', flag(renamed))
  if (archived !== undefined) fields.push('a', flag(archived))
  if (updatedAt !== undefined) fields.push('m', String(updatedAt))
  if (deletedAt !== undefined) fields.push('d', deletedAt === null ? '' : String(deletedAt))
  return fields
}

/** All fields of a new record. */
export function newSessionFields(record: SessionRecord): string[] {
  return ['c', String(record.createdAt), ...sessionFields(record)]
}

/** A record out of `ok` and its seven values. */
export function toSession(
  id: string,
  [, user, title, renamed, archived, created, updated, deleted]: ScriptReply,
): SessionRecord {
  return {
    id,
    userId: ownerOf(user),
    title: String(JSON.parse(title ?? '""')),
    renamed: renamed === '1',
    archived: archived === '1',
    createdAt: Number(created),
    updatedAt: Number(updated),
    deletedAt: deleted === '' || deleted === null || deleted === undefined ? null : Number(deleted),
  }
}

/** A user's id, kept as JSON. */
export function ownerOf(text: string | null | undefined): string {
  return String(JSON.parse(text ?? '""'))
}

const PHASES = { q: 'queued', l: 'leased', e: 'ended' } as const

/** A lease out of six values: run, what was asked, phase, fence, end, owner. */
export function toLease([, run, phase, fence, ends, owner]: ScriptReply): RunLease {
  return {
    run: JSON.parse(run ?? 'null') as RunRecord,
    phase: PHASES[phase === 'q' || phase === 'l' ? phase : 'e'],
    owner: owner?.startsWith('+') === true ? owner.slice(1) : null,
    fence: Number(fence),
    expiresAt: Number(ends),
  }
}

function flag(value: boolean): string {
  return value ? '1' : '0'
}
