/** How long to wait between attempts. */
export interface BackoffOptions {
  /** The wait before the first retry is drawn from 0 to this, doubled for each further one. Default 500 ms. */
  readonly reconnectInterval?: number
  /** No wait is drawn from more than this. Default 30,000 ms. */
  readonly maxIntervalMs?: number
  /** Give up after this many failures in a row. Default: never. */
  readonly maxReconnectAttempts?: number
}

const DEFAULT_INTERVAL_MS = 500
const DEFAULT_MAX_INTERVAL_MS = 30_000

/**
 * Full jitter: uniform over 0 … min(cap, base × 2ⁿ), so that a fleet cut off together does not return together.
 * A server's `Retry-After` is the floor, and the jitter comes on top of it.
 * @param attempt failures in a row before this wait, from 0
 */
export function backoffMs(
  attempt: number,
  random: () => number,
  options: BackoffOptions = {},
  floorMs = 0,
): number {
  const { reconnectInterval = DEFAULT_INTERVAL_MS, maxIntervalMs = DEFAULT_MAX_INTERVAL_MS } = options
  const ceiling = Math.min(maxIntervalMs, reconnectInterval * 2 ** Math.min(attempt, 30))
  return floorMs + Math.floor(random() * ceiling)
}
