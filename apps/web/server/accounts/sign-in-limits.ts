import { createHash } from 'node:crypto'
import { StreamError } from '@throughline/protocol'
import { addressKey, type Limits } from '@throughline/server'

export interface SignInLimitsOptions {
  /** Tries from one address a minute. Default 20. */
  readonly perAddress?: number
  /** Tries on one account a minute, whether or not it exists. Default 10. */
  readonly perAccount?: number
  /** Where the tries are counted. */
  readonly rate: Limits['rate']
}

/** How often passwords may be tried. */
export interface SignInLimits {
  /** Counts one try. @throws StreamError 429 */
  take(address: string, account: string): Promise<void>
}

/**
 * Two buckets: one address cannot try many accounts, and many addresses cannot try one account. The account's refills
 * within seconds, so that nobody can be locked out for long by somebody else's tries.
 */
export function createSignInLimits(options: SignInLimitsOptions): SignInLimits {
  const { perAddress = 20, perAccount = 10, rate } = options
  const addresses = rate('sign-in-address', perAddress)
  const accounts = rate('sign-in-account', perAccount)
  return {
    async take(address, account) {
      const waitMs = (await addresses.take(addressKey(address))) || (await accounts.take(digest(account)))
      if (waitMs === 0) return
      throw new StreamError('rate_limited', 'Too many tries: wait a moment.', {
        status: 429,
        retryAfterMs: waitMs,
      })
    },
  }
}

/** Names of counters are seen by whoever watches Redis, and no place for e-mail addresses. */
function digest(account: string): string {
  return createHash('sha256').update(account).digest('base64url')
}
