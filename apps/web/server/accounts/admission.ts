import { StreamError } from '@throughline/protocol'
import {
  json,
  loginHeaders,
  readCredentials,
  type Call,
  type HubParts,
  type Identity,
  type Reply,
} from '@throughline/server'
import type { GuestSessions } from './account-bodies.ts'
import type { AccountRecord } from './accounts.ts'
import type { Estates } from './estates.ts'

export interface AdmissionOptions {
  readonly estates: Pick<Estates, 'settle'>
  readonly auth: HubParts['auth']
  readonly log: HubParts['log']
  readonly audit: HubParts['audit']
  readonly now: () => number
}

/** Who is about to come in, as whoever they were until now. */
export interface Arrival {
  readonly caller: Identity | undefined
  /** The guest they were, when that is somebody else than who they will be. */
  readonly stranger: Identity | undefined
  readonly guestSessions: GuestSessions | undefined
}

export interface AdmitOptions {
  readonly account: Pick<AccountRecord, 'userId' | 'name'>
  /** Every older login of the account ends. */
  readonly endOthers: boolean
  /** Asked, or done, once the login has begun; when it does not hold, the login ends and nothing is answered. */
  readonly onlyIf?: () => Promise<boolean>
}

/** The way into an account, whatever opened it: a password, or a mailed link. */
export interface Admission {
  /** Who calls, if the credentials are good for anything. */
  whoCalls(call: Call): Promise<Identity | undefined>
  /**
   * Before anything is changed: a guest that comes into another account has said what becomes of its conversations.
   * @param userId whose account it is or will be @throws StreamError 409
   */
  arrive(call: Call, userId: string | null, guestSessions: GuestSessions | undefined): Promise<Arrival>
  /** Begins a login in place of the one there was. */
  admit(call: Call, arrival: Arrival, options: AdmitOptions): Promise<Reply | undefined>
}

export function createAdmission({ estates, auth, log, audit, now }: AdmissionOptions): Admission {
  const whoCalls: Admission['whoCalls'] = async ({ request, source }) => {
    const credentials = readCredentials(request, source)
    return credentials && (await auth.verify(credentials.token).catch(unlessInvalid))
  }

  const requireChoice = async (guest: Identity, choice: GuestSessions | undefined): Promise<void> => {
    if (choice !== undefined) return
    const { sessions } = await log.driver.sessions.list({ userId: guest.userId, limit: 1 })
    if (sessions.length === 0) return
    throw new StreamError(
      'conflict',
      'Say what becomes of the conversations you have as a guest: guestSessions "move" or "delete".',
      { status: 409 },
    )
  }

  return {
    whoCalls,
    async arrive(call, userId, guestSessions) {
      const caller = await whoCalls(call)
      const stranger = caller?.guest === true && caller.userId !== userId ? caller : undefined
      if (stranger !== undefined) await requireChoice(stranger, guestSessions)
      return { caller, stranger, guestSessions }
    },
    async admit(call, { caller, stranger, guestSessions }, { account, endOthers, onlyIf }) {
      const { userId, name } = account
      const tokens = await auth.startLogin({ userId, name, guest: false })
      const { sid } = tokens
      // Before and after: wherever it stops, nobody stays in who came by what is changed between.
      if (endOthers) await auth.endLogin({ userId, except: sid })
      if (onlyIf !== undefined && !(await onlyIf())) {
        await auth.endLogin({ userId, sid })
        return undefined
      }
      if (stranger !== undefined) {
        await estates.settle(stranger.userId, guestSessions === 'move' ? userId : null)
      }
      const wasThisGuest = caller?.guest === true && caller.userId === userId
      // Whoever had a copy of the guest's tokens has none of the account's.
      if (endOthers || wasThisGuest) await auth.endLogin({ userId, except: sid })
      if (caller?.sid !== undefined && stranger === undefined && !wasThisGuest) {
        await auth.endLogin({ userId: caller.userId, sid: caller.sid })
      }
      const { protocol, remoteAddress } = call.request
      audit.record({ event: 'signed_in', reason: 'password', userId, sid, address: remoteAddress })
      return json(200, tokens.whoAmI, loginHeaders(tokens, protocol, now()))
    },
  }
}

function unlessInvalid(error: unknown): undefined {
  if (error instanceof StreamError && error.code === 'auth_error') return undefined
  throw error
}
