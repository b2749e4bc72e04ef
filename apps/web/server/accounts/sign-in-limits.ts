import { StreamError } from '@throughline/protocol'
import { addressKey, createRateLimit } from '@throughline/server'

export interface SignInLimitsOptions {
  /** Tries from one address a minute. Default 20. */
  readonly perAddress?: number
  /** Tries on one account a minute, whether or not it exists. Default 10. */
  readonly perAccount?: number
  readonly now?: () => number
}

/** How often passwords may be tried. */
export interface SignInLimits {
  /** Counts one try. @throws StreamError 429 */
  take(address: string, account: string): void
}

/**
 * Two buckets: one address cannot try many accounts, and many addresses cannot try one account. The account's refills
 * within seconds, so that nobody can be locked out for long by somebody else's tries.
 */
export function createSignInLimits(options: SignInLimitsOptions = {}): SignInLimits {
  const { perAddress = 20, perAccount = 10, now = Date.now } = options
  const addresses = createRateLimit({ perMinute: perAddress, now })
  const accounts = createRateLimit({ perMinute: perAccount, now })
  return {
    take(address, account) {
      const waitMs = addresses.take(addressKey(address)) || accounts.take(account)
      if (waitMs === 0) return
      throw new StreamError('rate_limited', 'Too many tries: wait a moment.', {
        status: 429,
        retryAfterMs: waitMs,
      })
    },
  }
}
