import { backoffMs } from '../connection/backoff.ts'
import type { BackoffOptions } from '../connection/backoff.ts'
import type { SessionConnection, Unsubscribe } from '../session/session.ts'

/** What a session's connection does to stay up, in the specification's words. The connection does it; this tells. */
export class SSEResilience {
  readonly #connection: SessionConnection

  constructor(connection: SessionConnection) {
    this.#connection = connection
  }

  /** Failures in a row. */
  get reconnectAttempts(): number {
    return this.#connection.getSnapshot().attempt
  }

  get isReconnecting(): boolean {
    const { status, attempt } = this.#connection.getSnapshot()
    return status === 'waiting' || status === 'offline' || (status === 'connecting' && attempt > 0)
  }

  /** Ends any waiting and tries at once. */
  reconnect(): void {
    this.#connection.retryNow()
  }

  /** Calls `listener` with each wait that begins: which attempt is next and when, ms since 1970. */
  onReconnecting(
    listener: (wait: { readonly attempt: number; readonly retryAt: number }) => void,
  ): Unsubscribe {
    let told: number | null = null
    return this.#connection.subscribe(() => {
      const { attempt, retryAt } = this.#connection.getSnapshot()
      if (retryAt !== null && retryAt !== told) listener({ attempt, retryAt })
      told = retryAt
    })
  }

  /** The wait before a retry, ms: full jitter. @param attempt failures before it, from 0 */
  static delay(attempt: number, options: BackoffOptions = {}, random: () => number = Math.random): number {
    return backoffMs(attempt, random, options)
  }
}
