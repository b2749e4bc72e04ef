import { empty, type HubParts, type Route } from '@throughline/server'
import { readForgotten, readLinkUse } from './account-bodies.ts'
import { readEmail } from './accounts.ts'
import type { Admission } from './admission.ts'
import type { MailLimits } from './mail-limits.ts'
import type { MailedAccounts } from './mailed-accounts.ts'
import { checkNewPassword } from './password-rules.ts'
import { deadLink } from './refusals.ts'
import type { SignInLimits } from './sign-in-limits.ts'

export interface ResetRoutesOptions {
  readonly admission: Admission
  readonly limits: SignInLimits
  readonly mailLimits: MailLimits
  readonly audit: HubParts['audit']
  readonly mailed: MailedAccounts
}

/** The way back for somebody who forgot a password and reads the account's mail. */
export function resetRoutes(options: ResetRoutesOptions): readonly Route[] {
  const { admission, limits, mailLimits, audit, mailed } = options
  return [
    {
      method: 'POST',
      pattern: '/api/auth/forgot',
      access: 'open',
      async handle(call) {
        const { email: given, language } = await readForgotten(call)
        const email = readEmail(given)
        const address = call.request.remoteAddress
        await mailLimits.take(address, email)
        await mailed.askToReset(email, language)
        audit.record({ event: 'reset_asked', address })
        return empty(202)
      },
    },
    {
      method: 'POST',
      pattern: '/api/auth/reset',
      access: 'open',
      async handle(call) {
        const { token, password, guestSessions } = await readLinkUse(call)
        const address = call.request.remoteAddress
        await limits.take(address, token.split('.', 1)[0] ?? '')
        const opened = await mailed.openReset(token)
        if (opened === undefined) throw deadLink()
        const { account } = opened
        const arrival = await admission.arrive(call, account.userId, guestSessions)
        checkNewPassword(password, account.email)
        const reply = await admission.admit(call, arrival, {
          account,
          endOthers: true,
          async onlyIf() {
            if (!(await mailed.reset(opened, password))) return false
            audit.record({ event: 'password_reset', userId: account.userId, address })
            await mailed.tellOfChange(account)
            return true
          },
        })
        if (reply === undefined) throw deadLink()
        return reply
      },
    },
  ]
}
