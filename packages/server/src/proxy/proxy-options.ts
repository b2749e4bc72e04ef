import type { Audit } from '../audit/audit.ts'
import type { OriginPolicyOptions } from '../gate/origin-policy.ts'
import type { Timers } from '../hub/timers.ts'
import type { Logger } from '../logger.ts'

/** What both proxies need. A `Config` with a `backendUrl` fits. */
export interface ProxyOptions {
  /** Where the hub is. The only host that is ever asked, whatever a request says. */
  readonly backendUrl: string
  readonly origins?: OriginPolicyOptions
  /**
   * Proxies in front of this one. With any, `X-Forwarded-For` and `X-Forwarded-Proto` were written by them and are
   * passed on; without, they are a stranger's words. Default: none.
   */
  readonly trustedProxies?: readonly string[]
  /** A backend that has not begun to answer by then counts as unreachable. Default 30,000. */
  readonly answerWithinMs?: number
  /** Default: keeps no record. */
  readonly audit?: Audit
  /** Default: says nothing. */
  readonly logger?: Logger
  /** Default: the runtime's. */
  readonly fetch?: typeof globalThis.fetch
  readonly now?: () => number
  readonly random?: () => number
  readonly timers?: Timers
}

/** Answers one request; never rejects. */
export type Proxy = (request: Request) => Promise<Response>
