import { StreamError } from '@throughline/protocol'
import {
  ProblemError,
  Refusal,
  clearedCookies,
  empty,
  json,
  loginHeaders,
  readCredentials,
  type Call,
  type HubParts,
  type Identity,
  type Route,
} from '@throughline/server'
import { readConfirmation, readCredentialsBody, readPasswordChange } from './account-bodies.ts'
import { readEmail, type AccountRecord, type Accounts } from './accounts.ts'
import type { Estates } from './estates.ts'
import type { SignInLimits } from './sign-in-limits.ts'

export interface AccountRoutesOptions {
  readonly accounts: Accounts
  readonly estates: Pick<Estates, 'settle'>
  readonly auth: HubParts['auth']
  readonly log: HubParts['log']
  readonly limits: SignInLimits
  readonly audit: HubParts['audit']
  readonly now?: () => number
}

/** Sign-up, sign-in, and what the owner of an account may do with it. PROTOCOL.md §5. */
export function accountRoutes(options: AccountRoutesOptions): readonly Route[] {
  const { accounts, estates, auth, log, limits, audit, now = Date.now } = options
  // Tokens are minted elsewhere, and so are accounts.
  if (!auth.issues) return []

  /** Who calls, if the credentials are good for anything. */
  const whoCalls = async ({ request, source }: Call): Promise<Identity | undefined> => {
    const credentials = readCredentials(request, source)
    return credentials && (await auth.verify(credentials.token).catch(unlessInvalid))
  }

  const own = async ({ userId }: Identity): Promise<AccountRecord> => {
    const account = await accounts.get(userId)
    if (account === undefined) throw noAccount()
    return account
  }

  const requirePassword = async (call: Call, account: AccountRecord, password: string): Promise<void> => {
    await limits.take(call.request.remoteAddress, account.email)
    if (!(await accounts.isPassword(account.userId, password))) throw wrongPassword()
  }

  /** A guest that signs in to another account says what becomes of its conversations. @throws StreamError 409 */
  const requireChoice = async (guest: Identity, choice: 'move' | 'delete' | undefined): Promise<void> => {
    if (choice !== undefined) return
    const { sessions } = await log.driver.sessions.list({ userId: guest.userId, limit: 1 })
    if (sessions.length === 0) return
    throw new StreamError(
      'conflict',
      'Say what becomes of the conversations you have as a guest: guestSessions "move" or "delete".',
      { status: 409 },
    )
  }

  return [
    {
      method: 'POST',
      pattern: '/api/auth/sign-up',
      access: 'open',
      async handle(call) {
        const { email, password } = await readCredentialsBody(call)
        const address = call.request.remoteAddress
        await limits.take(address, readEmail(email))
        const caller = await whoCalls(call)
        const guest = caller?.guest === true ? caller.userId : undefined
        if (guest !== undefined && (await accounts.get(guest)) !== undefined) throw hasAccount()
        await accounts.signUp({ email, password, ...(guest !== undefined && { userId: guest }) })
        audit.record({
          event: 'signed_up',
          address,
          ...(guest !== undefined && { userId: guest, reason: 'upgrade' }),
        })
        // The same for a taken address: whether there is an account now, its password tells.
        return empty(202)
      },
    },
    {
      method: 'POST',
      pattern: '/api/auth/sign-in',
      access: 'open',
      async handle(call) {
        const { email, password, guestSessions } = await readCredentialsBody(call)
        const address = call.request.remoteAddress
        await limits.take(address, readEmail(email))
        const account = await accounts.signIn({ email, password })
        if (account === undefined) {
          audit.record({ event: 'sign_in_refused', reason: 'wrong_credentials', address })
          throw notTogether()
        }
        const { userId, name } = account
        const caller = await whoCalls(call)
        const stranger = caller?.guest === true && caller.userId !== userId ? caller : undefined
        if (stranger !== undefined) {
          await requireChoice(stranger, guestSessions)
          await estates.settle(stranger.userId, guestSessions === 'move' ? userId : null)
        }
        const tokens = await auth.startLogin({ userId, name, guest: false })
        if (!(await account.isCurrent())) {
          await auth.endLogin({ userId, sid: tokens.sid })
          throw notTogether()
        }
        if (caller?.userId === userId && caller.guest) {
          // Whoever had a copy of the guest's tokens has none of the account's.
          await auth.endLogin({ userId, except: tokens.sid })
        } else if (caller?.sid !== undefined && stranger === undefined) {
          await auth.endLogin({ userId: caller.userId, sid: caller.sid })
        }
        audit.record({ event: 'signed_in', reason: 'password', userId, sid: tokens.sid, address })
        return json(200, tokens.whoAmI, loginHeaders(tokens, call.request.protocol, now()))
      },
    },
    {
      method: 'GET',
      pattern: '/api/auth/account',
      access: 'user',
      async handle({ identity }) {
        const { email, name, createdAt } = await own(identity)
        return json(200, { email, name, createdAt })
      },
    },
    {
      method: 'POST',
      pattern: '/api/auth/password',
      access: 'user',
      async handle(call) {
        const { current, next } = await readPasswordChange(call)
        const account = await own(call.identity)
        const { userId } = account
        await requirePassword(call, account, current)
        await accounts.setPassword(account, next)
        const { sid } = call.identity
        await auth.endLogin({ userId, ...(sid !== undefined && { except: sid }) })
        audit.record({ event: 'password_changed', userId, address: call.request.remoteAddress })
        return empty(204)
      },
    },
    {
      method: 'POST',
      pattern: '/api/auth/delete',
      access: 'user',
      async handle(call) {
        const password = await readConfirmation(call)
        const { userId } = call.identity
        const account = await accounts.get(userId)
        if (account !== undefined) await requirePassword(call, account, password ?? '')
        await estates.settle(userId, null)
        audit.record({ event: 'account_deleted', userId, address: call.request.remoteAddress })
        return empty(204, clearedCookies(call.request.protocol))
      },
    },
  ]
}

/** The one answer to an unknown address and to a wrong password. */
function notTogether(): ProblemError {
  const detail = 'This e-mail address and this password do not go together.'
  return new ProblemError('Not signed in', { code: 'auth_error', status: 401, detail })
}

// Not 401, which says that the login is over, and has clients renew it.
function wrongPassword(): ProblemError {
  const detail = 'That is not your password.'
  const cause = new Refusal('wrong_credentials')
  return new ProblemError('Wrong password', { code: 'invalid_request', status: 403, detail, cause })
}

function noAccount(): StreamError {
  return new StreamError('not_found', 'You are a guest: there is no account.', { status: 404 })
}

function hasAccount(): StreamError {
  return new StreamError('conflict', 'You have an account: sign in.', { status: 409 })
}

function unlessInvalid(error: unknown): undefined {
  if (error instanceof StreamError && error.code === 'auth_error') return undefined
  throw error
}
