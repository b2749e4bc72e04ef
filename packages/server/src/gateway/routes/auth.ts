import { StreamError, type WhoAmI } from '@throughline/protocol'
import { Refusal, refusalReason } from '../../audit/refusal.ts'
import type { LoginTokens } from '../../auth/auth.ts'
import { REFRESH_COOKIE, authCookie, readCookie, refreshCookie } from '../../auth/cookies.ts'
import type { Identity } from '../../auth/identity.ts'
import { readCredentials } from '../../gate/credentials.ts'
import type { GatewayRequest, HeaderMap, Reply } from '../exchange.ts'
import { ProblemError } from '../problem.ts'
import { empty, json } from '../reply.ts'
import type { Call, Route } from '../route.ts'
import type { Services } from '../services.ts'

/** `Set-Cookie` headers that begin or go on with a login: what an app's own sign-in answers with. */
export function loginHeaders(
  tokens: LoginTokens,
  protocol: GatewayRequest['protocol'],
  now: number,
): HeaderMap {
  const { access, refresh } = tokens
  return {
    'set-cookie': [
      authCookie({ value: access.token, maxAgeMs: access.expiresAt - now, protocol }),
      refreshCookie({ value: refresh.token, maxAgeMs: refresh.expiresAt - now, protocol }),
    ],
  }
}

/** Guests, refresh, sign-out and who am I. Signing up and in belongs to the app, which has the accounts. */
export function authRoutes({ auth, now, audit }: Services): readonly Route[] {
  const answer = (status: number, tokens: LoginTokens, { request }: Call): Reply =>
    json(status, tokens.whoAmI, loginHeaders(tokens, request.protocol, now()))

  const refreshTokenOf = ({ request, source }: Call): string | undefined =>
    source.cookies ? readCookie(request.header('cookie'), REFRESH_COOKIE[request.protocol]) : undefined

  /** Who calls, if the credentials are good for anything. */
  const whoCalls = async ({ request, source }: Call): Promise<Identity | undefined> => {
    const credentials = readCredentials(request, source)
    return credentials && (await auth.verify(credentials.token).catch(unlessInvalid))
  }

  /** Ends what can be told of the caller's logins: of the access token and of the refresh token. */
  const signOut = async (call: Call): Promise<void> => {
    const identity = await whoCalls(call)
    const refreshToken = refreshTokenOf(call)
    const login = refreshToken === undefined ? undefined : await auth.loginOf(refreshToken)
    const end = async (userId: string, sid: string): Promise<void> => {
      await auth.endLogin({ userId, sid })
      audit.record({ event: 'signed_out', userId, sid, address: call.request.remoteAddress })
    }
    if (identity?.sid !== undefined) await end(identity.userId, identity.sid)
    if (login !== undefined && login.sid !== identity?.sid) await end(login.userId, login.sid)
  }

  /** The next pair of tokens; a token that somebody has a copy of ends its login, which is recorded as such. */
  const refresh = async (token: string, { request }: Call): Promise<LoginTokens> => {
    const address = request.remoteAddress
    try {
      const tokens = await auth.refresh(token)
      audit.record({ event: 'login_refreshed', userId: tokens.whoAmI.userId, sid: tokens.sid, address })
      return tokens
    } catch (error) {
      if (refusalReason(error) === 'reused_token') {
        audit.record({
          event: 'login_revoked',
          reason: 'reused_token',
          ...(await auth.loginOf(token)),
          address,
        })
      }
      throw error
    }
  }

  const routes: Route[] = [
    {
      method: 'POST',
      pattern: '/api/auth/sign-out',
      access: 'open',
      async handle(call) {
        await signOut(call)
        return empty(204, clearedCookies(call.request.protocol))
      },
    },
    {
      method: 'POST',
      pattern: '/api/auth/everywhere',
      access: 'user',
      async handle({ identity, request }) {
        const { userId } = identity
        await auth.endLogin({ userId })
        audit.record({ event: 'signed_out_everywhere', userId, address: request.remoteAddress })
        return empty(204, clearedCookies(request.protocol))
      },
    },
    {
      method: 'GET',
      pattern: '/api/auth/me',
      access: 'user',
      handle: ({ identity }) => Promise.resolve(json(200, whoAmI(identity))),
    },
  ]
  if (!auth.issues) return routes
  return [
    ...routes,
    {
      method: 'POST',
      pattern: '/api/auth/guest',
      access: 'open',
      async handle(call) {
        // Whoever is somebody stays it: a second tab must not become another guest.
        const known = await whoCalls(call)
        if (known !== undefined) return json(200, whoAmI(known))
        const userId = `guest_${crypto.randomUUID()}`
        const tokens = await auth.startLogin({ userId, name: 'Guest', guest: true })
        const { sid } = tokens
        audit.record({
          event: 'signed_in',
          reason: 'guest',
          userId,
          sid,
          address: call.request.remoteAddress,
        })
        return answer(201, tokens, call)
      },
    },
    {
      method: 'POST',
      pattern: '/api/auth/refresh',
      access: 'open',
      async handle(call) {
        const token = refreshTokenOf(call)
        if (token === undefined || token === '') throw noCredentials()
        return answer(200, await refresh(token, call), call)
      },
    },
  ]
}

/** The answer to a request that carries nothing to tell who it is. */
export function noCredentials(): ProblemError {
  const cause = new Refusal('no_credentials')
  return new ProblemError('Unauthorized', {
    code: 'auth_error',
    status: 401,
    detail: 'Sign in first.',
    cause,
  })
}

function whoAmI({ userId, guest, name = '', expiresAt }: Identity): WhoAmI {
  return { userId, guest, name, expiresAt }
}

/** `Set-Cookie` headers that end a login in the browser. */
export function clearedCookies(protocol: GatewayRequest['protocol']): HeaderMap {
  const cleared = { value: '', maxAgeMs: 0, protocol }
  return { 'set-cookie': [authCookie(cleared), refreshCookie(cleared)] }
}

function unlessInvalid(error: unknown): undefined {
  if (error instanceof StreamError && error.code === 'auth_error') return undefined
  throw error
}
