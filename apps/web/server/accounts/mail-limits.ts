import { createHash } from 'node:crypto'
import { StreamError } from '@throughline/protocol'
import { addressKey, type Limits } from '@throughline/server'

export interface MailLimitsOptions {
  /** Mails asked for from one network an hour: a class of pupils may sign up together. Default 60. */
  readonly perNetwork?: number
  /** Mails to one address an hour, whether or not it has an account. Default 5. */
  readonly perAddress?: number
  /** Where they are counted. */
  readonly rate: Limits['rate']
}

/** How many mails may be asked for. */
export interface MailLimits {
  /** Counts one mail. @throws StreamError 429 */
  take(network: string, email: string): Promise<void>
}

const MINUTES = 60

/** Nobody's mailbox is filled by strangers, and nobody fills many. */
export function createMailLimits({ perNetwork = 60, perAddress = 5, rate }: MailLimitsOptions): MailLimits {
  const networks = rate('mail-network', perNetwork / MINUTES, perNetwork)
  const addresses = rate('mail-address', perAddress / MINUTES, perAddress)
  return {
    async take(network, email) {
      const waitMs = (await networks.take(addressKey(network))) || (await addresses.take(digest(email)))
      if (waitMs === 0) return
      throw new StreamError(
        'rate_limited',
        'Too many mails were asked for: look into your mailbox, or wait.',
        {
          status: 429,
          retryAfterMs: waitMs,
        },
      )
    },
  }
}

/** Names of counters are seen by whoever watches Redis, and no place for e-mail addresses. */
function digest(email: string): string {
  return createHash('sha256').update(email).digest('base64url')
}
