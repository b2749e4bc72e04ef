import { ID_PATTERN, StreamError } from '@throughline/protocol'
import type { LogDriver, SessionRecord } from '@throughline/log'
import { Refusal } from '../audit/refusal.ts'
import { hasScope, type Identity } from '../auth/identity.ts'

/** Whether a session may have this name. Names that begin with `__` are the server's own. */
export function isSessionId(text: string): boolean {
  return ID_PATTERN.test(text) && !text.startsWith('__')
}

/** Who may use which session. */
export interface SessionAccess {
  /** The user's own session. @throws StreamError `not_found` for unknown and foreign alike; `stream_closed` deleted */
  own(identity: Identity, sessionId: string): Promise<SessionRecord>
  /** One that may be read: the user's own, that of a reader's link, and any with scope `publish`. @throws like `own` */
  readable(identity: Identity, sessionId: string): Promise<SessionRecord>
  /** The user's own, deleted or not. @throws StreamError `not_found` */
  ownOrDeleted(identity: Identity, sessionId: string): Promise<SessionRecord>
}

export function createSessionAccess(driver: LogDriver): SessionAccess {
  // The same answer as for an unknown one, so that it cannot be asked which sessions exist, or did.
  const judge = (owner: string | null, { userId }: Identity, any: boolean): void => {
    if (owner !== userId && !any) throw unknownSession('not_owner')
  }
  const findEnded = async (identity: Identity, sessionId: string, any: boolean): Promise<never> => {
    const tombstone = await driver.sessions.tombstone(sessionId)
    if (tombstone === undefined) throw unknownSession()
    judge(tombstone.userId, identity, any)
    throw sessionDeleted()
  }
  const find = (identity: Identity, sessionId: string, any: boolean): Promise<SessionRecord> =>
    driver.sessions.get(sessionId).then((record) => {
      if (record === undefined) return findEnded(identity, sessionId, any)
      judge(record.userId, identity, any)
      return record
    })
  const alive = (record: SessionRecord): SessionRecord => {
    if (record.deletedAt !== null) throw sessionDeleted()
    return record
  }
  return {
    own: (identity, sessionId) => find(identity, sessionId, false).then(alive),
    readable: (identity, sessionId) =>
      find(identity, sessionId, hasScope(identity, 'publish') || identity.reads === sessionId).then(alive),
    ownOrDeleted: (identity, sessionId) => find(identity, sessionId, false),
  }
}

/** The one answer to unknown and foreign; only the record tells them apart. */
export function unknownSession(reason?: 'not_owner'): StreamError {
  return new StreamError('not_found', 'There is no such session, or it is not yours.', {
    status: 404,
    ...(reason !== undefined && { cause: new Refusal(reason) }),
  })
}

export function sessionDeleted(): StreamError {
  return new StreamError('stream_closed', 'This session was deleted: start another one.', { status: 410 })
}
