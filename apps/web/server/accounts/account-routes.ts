import { StreamError } from '@throughline/protocol'
import {
  ProblemError,
  clearedCookies,
  empty,
  json,
  type HubParts,
  type Call,
  type Identity,
  type Route,
} from '@throughline/server'
import { readConfirmation, readCredentialsBody, readPasswordChange } from './account-bodies.ts'
import { readEmail, type AccountRecord, type Accounts } from './accounts.ts'
import { createAdmission } from './admission.ts'
import type { Estates } from './estates.ts'
import type { MailLimits } from './mail-limits.ts'
import type { MailedAccounts } from './mailed-accounts.ts'
import { checkNewPassword } from './password-rules.ts'
import { resetRoutes } from './reset-routes.ts'
import type { SignInLimits } from './sign-in-limits.ts'
import { signUpRoutes } from './sign-up-routes.ts'
import { wrongPassword } from './refusals.ts'

export interface AccountRoutesOptions {
  readonly accounts: Accounts
  readonly estates: Pick<Estates, 'settle'>
  readonly auth: HubParts['auth']
  readonly log: HubParts['log']
  readonly limits: SignInLimits
  readonly audit: HubParts['audit']
  /** Whether anybody new may have an account. */
  readonly signUp: 'open' | 'closed'
  /** Absent: no mail is sent, and an account begins with its password alone. */
  readonly mailed: MailedAccounts | undefined
  readonly mailLimits: MailLimits
  readonly now?: () => number
}

/** Sign-up, sign-in, and what the owner of an account may do with it. PROTOCOL.md §5. */
export function accountRoutes(options: AccountRoutesOptions): readonly Route[] {
  const { accounts, estates, auth, log, limits, audit, mailed, mailLimits, now = Date.now } = options
  // Tokens are minted elsewhere, and so are accounts.
  if (!auth.issues) return []
  const admission = createAdmission({ estates, auth, log, audit, now })
  const parts = { accounts, admission, limits, mailLimits, audit }

  const own = async ({ userId }: Identity): Promise<AccountRecord> => {
    const account = await accounts.get(userId)
    if (account === undefined) throw noAccount()
    return account
  }

  const requirePassword = async (call: Call, account: AccountRecord, password: string): Promise<void> => {
    await limits.take(call.request.remoteAddress, account.email)
    if (!(await accounts.isPassword(account.userId, password))) throw wrongPassword()
  }

  return [
    {
      method: 'GET',
      pattern: '/api/auth/ways',
      access: 'open',
      handle: () => Promise.resolve(json(200, { signUp: options.signUp, mail: mailed !== undefined })),
    },
    ...signUpRoutes({ ...parts, mailed, signUp: options.signUp }),
    ...(mailed === undefined ? [] : resetRoutes({ ...parts, mailed })),
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
        const arrival = await admission.arrive(call, account.userId, guestSessions)
        const { isCurrent: onlyIf } = account
        const reply = await admission.admit(call, arrival, { account, endOthers: false, onlyIf })
        if (reply === undefined) throw notTogether()
        return reply
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
        checkNewPassword(next, account.email)
        const { sid } = call.identity
        const others = { userId, ...(sid !== undefined && { except: sid }) }
        await auth.endLogin(others)
        await accounts.setPassword(account, next)
        // Again: one may have begun meanwhile with the old password.
        await auth.endLogin(others)
        audit.record({ event: 'password_changed', userId, address: call.request.remoteAddress })
        await mailed?.tellOfChange(account)
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

function noAccount(): StreamError {
  return new StreamError('not_found', 'You are a guest: there is no account.', { status: 404 })
}
