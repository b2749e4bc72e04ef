import { StreamError } from '@throughline/protocol'
import { empty, json, type AuditRecord, type Call, type HubParts, type Route } from '@throughline/server'
import { readCredentialsBody, readLinkUse } from './account-bodies.ts'
import { readEmail, type Accounts } from './accounts.ts'
import type { Admission } from './admission.ts'
import type { MailLimits } from './mail-limits.ts'
import type { MailedAccounts } from './mailed-accounts.ts'
import { checkNewPassword } from './password-rules.ts'
import { deadLink, wrongPassword } from './refusals.ts'
import type { SignInLimits } from './sign-in-limits.ts'

export interface SignUpRoutesOptions {
  readonly accounts: Accounts
  readonly admission: Admission
  readonly limits: SignInLimits
  readonly mailLimits: MailLimits
  readonly audit: HubParts['audit']
  readonly signUp: 'open' | 'closed'
  readonly mailed: MailedAccounts | undefined
}

/** How an account begins: by its password alone, or with mail once its address is confirmed. */
export function signUpRoutes(options: SignUpRoutesOptions): readonly Route[] {
  const { accounts, admission, limits, mailLimits, audit, signUp, mailed } = options

  /** The guest who asks, to become the account. @throws StreamError 409 */
  const guestOf = async (call: Call): Promise<string | undefined> => {
    const caller = await admission.whoCalls(call)
    if (caller?.guest !== true) return undefined
    if ((await accounts.get(caller.userId)) !== undefined) throw hasAccount()
    return caller.userId
  }

  const ask: Route = {
    method: 'POST',
    pattern: '/api/auth/sign-up',
    access: 'open',
    async handle(call) {
      if (signUp === 'closed') throw closed()
      const { email: given, password, language } = await readCredentialsBody(call)
      const email = readEmail(given)
      const address = call.request.remoteAddress
      await limits.take(address, email)
      checkNewPassword(password, email)
      const guest = await guestOf(call)
      const about = { address, ...(guest !== undefined && upgradeOf(guest)) }
      if (mailed === undefined) {
        await accounts.signUp({ email, password, ...(guest !== undefined && { userId: guest }) })
        audit.record({ event: 'signed_up', ...about })
        // The same for a taken address: whether there is an account now, its password tells.
        return empty(202)
      }
      await mailLimits.take(address, email)
      await mailed.askToConfirm({ email, password, guest, language })
      audit.record({ event: 'sign_up_asked', ...about })
      // The same for every address, and nobody has looked whose it is: that is for the mail to tell.
      return json(202, { next: 'mail' })
    },
  }
  if (mailed === undefined) return [ask]

  const confirm: Route = {
    method: 'POST',
    pattern: '/api/auth/confirm',
    access: 'open',
    async handle(call) {
      const { token, password, guestSessions } = await readLinkUse(call)
      const address = call.request.remoteAddress
      await limits.take(address, token.split('.', 1)[0] ?? '')
      const letter = await mailed.openSignUp(token)
      if (letter?.passwordHash == null) throw deadLink()
      // A mistyped address is a stranger's, and its mail would be the key to what the guest has.
      if (!(await accounts.matches(letter.passwordHash, password))) throw wrongPassword()
      const arrival = await admission.arrive(call, letter.userId, guestSessions)
      const account = await mailed.confirm(letter)
      if (account === undefined) throw deadLink()
      const { userId } = account
      audit.record({
        event: 'signed_up',
        userId,
        address,
        ...(letter.userId === userId && upgradeOf(userId)),
      })
      const reply = await admission.admit(call, arrival, { account, endOthers: true })
      return reply ?? empty(204)
    },
  }
  return [ask, confirm]
}

function upgradeOf(userId: string): Pick<AuditRecord, 'userId' | 'reason'> {
  return { userId, reason: 'upgrade' }
}

function hasAccount(): StreamError {
  return new StreamError('conflict', 'You have an account: sign in.', { status: 409 })
}

function closed(): StreamError {
  return new StreamError('invalid_request', 'New accounts are not made here.', { status: 403 })
}
