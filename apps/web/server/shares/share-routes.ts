import { StreamError } from '@throughline/protocol'
import {
  Refusal,
  addressKey,
  empty,
  json,
  readJson,
  readOptionalJson,
  shareCookie,
  unknownSession,
  type HubParts,
  type Limits,
  type Route,
  type UserCall,
} from '@throughline/server'
import type { Shares } from './shares.ts'

export interface ShareRoutesOptions {
  readonly shares: Shares
  readonly log: HubParts['log']
  readonly auth: HubParts['auth']
  readonly audit: HubParts['audit']
  /** Where tries are counted. */
  readonly rate: Limits['rate']
  readonly now?: () => number
}

const BODY_BYTES = 1_024
const MIN_LIFE_MS = 1_000
const MAX_LIFE_MS = 366 * 86_400_000
/** A reader's token ends by then; a page that is still open asks for another. */
const MAX_READING_MS = 30 * 86_400_000
/** Secrets tried from one address a minute. */
const OPENS_PER_MINUTE = 30

/** Links to a conversation, and their exchange for a cookie that reads it. PROTOCOL.md §5. */
export function shareRoutes(options: ShareRoutesOptions): readonly Route[] {
  const { shares, log, auth, audit, rate, now = Date.now } = options
  const opens = rate('share-opens', OPENS_PER_MINUTE)

  /** The session, which must be the caller's. @throws StreamError 404 */
  const ownSession = async ({ identity, params }: UserCall): Promise<string> => {
    const session = await log.driver.sessions.get(params['sessionId'] ?? '')
    if (session?.userId !== identity.userId) throw unknownSession(session && 'not_owner')
    if (session.deletedAt !== null) throw unknownSession()
    return session.id
  }

  return [
    {
      method: 'POST',
      pattern: '/api/sessions/:sessionId/shares',
      access: 'user',
      async handle(call) {
        const lifeMs = readLife(await readOptionalJson(call.request, BODY_BYTES))
        const sessionId = await ownSession(call)
        const { userId } = call.identity
        const { id, secret, createdAt, expiresAt } = await shares.create({ userId, sessionId, lifeMs })
        audit.record({ event: 'share_created', userId, sessionId, address: call.request.remoteAddress })
        return json(201, { id, secret, createdAt, expiresAt })
      },
    },
    {
      method: 'GET',
      pattern: '/api/sessions/:sessionId/shares',
      access: 'user',
      async handle(call) {
        const list = await shares.list(call.identity.userId, await ownSession(call))
        return json(200, {
          shares: list.map(({ id, createdAt, expiresAt }) => ({ id, createdAt, expiresAt })),
        })
      },
    },
    {
      method: 'DELETE',
      pattern: '/api/sessions/:sessionId/shares/:shareId',
      access: 'user',
      async handle(call) {
        const sessionId = await ownSession(call)
        const { userId } = call.identity
        if (!(await shares.revoke(userId, sessionId, call.params['shareId'] ?? ''))) throw unknownShare()
        audit.record({ event: 'share_revoked', userId, sessionId, address: call.request.remoteAddress })
        return empty(204)
      },
    },
    {
      method: 'POST',
      pattern: '/api/shares/:shareId/open',
      access: 'open',
      async handle({ request, params }) {
        const waitMs = await opens.take(addressKey(request.remoteAddress))
        if (waitMs > 0) throw tooOften(waitMs)
        const secret = readSecret(await readJson(request, BODY_BYTES))
        const share = await shares.open(params['shareId'] ?? '', secret)
        const session = share && (await log.driver.sessions.get(share.sessionId))
        if (share === undefined || session === undefined || session.deletedAt !== null) throw unknownShare()
        const { id: shareId, sessionId } = share
        const expiresAt = Math.min(share.expiresAt ?? Infinity, now() + MAX_READING_MS)
        const { token } = await auth.grantReading({ shareId, sessionId, expiresAt })
        // Revoked meanwhile: this token is younger than that.
        if ((await shares.open(shareId, secret)) === undefined) throw unknownShare()
        audit.record({ event: 'share_opened', sessionId, address: request.remoteAddress })
        const cookie = { value: token, maxAgeMs: expiresAt - now(), protocol: request.protocol }
        return json(
          200,
          { sessionId, title: session.title, expiresAt: share.expiresAt },
          { 'set-cookie': shareCookie(shareId, cookie) },
        )
      },
    },
  ]
}

/** How long a link lives; `null`: until it is revoked. @throws StreamError 400 */
function readLife(body: unknown): number | null {
  const { expiresInMs = null } = fieldsOf(body)
  if (expiresInMs === null) return null
  if (Number.isSafeInteger(expiresInMs) && Number(expiresInMs) >= MIN_LIFE_MS) {
    return Math.min(Number(expiresInMs), MAX_LIFE_MS)
  }
  throw new StreamError('invalid_request', 'expiresInMs must be a whole number from 1000, or null.', {
    status: 400,
  })
}

/** @throws StreamError 404: what is no secret opens nothing, as one that is wrong */
function readSecret(body: unknown): string {
  const { secret } = fieldsOf(body)
  if (typeof secret === 'string' && secret.length <= 128) return secret
  throw unknownShare()
}

function fieldsOf(body: unknown): Readonly<Record<string, unknown>> {
  return typeof body === 'object' && body !== null ? { ...body } : {}
}

/** The one answer to links that never were, are over, were revoked, or want another secret. */
function unknownShare(): StreamError {
  return new StreamError('not_found', 'This link does not work, or no longer.', {
    status: 404,
    cause: new Refusal('unknown_link'),
  })
}

function tooOften(retryAfterMs: number): StreamError {
  return new StreamError('rate_limited', 'Too many tries: wait a moment.', { status: 429, retryAfterMs })
}
