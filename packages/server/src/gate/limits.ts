import {
  createConnectionLimits,
  type ConnectionLimits,
  type ConnectionLimitsOptions,
} from './connection-limits.ts'
import { createRateLimit, type RateLimit } from './rate-limit.ts'

/** What bounds callers: within this process, or across nodes where an engine keeps the counts. */
export interface Limits {
  readonly connections: ConnectionLimits
  /** Commands of one user. */
  readonly commands: RateLimit
  /** Guests, refreshes and sign-outs from one address. */
  readonly logins: RateLimit
  /**
   * A limit of an app's own, counted where these are; `kind` tells it from others. 0 = unlimited; `burst`, how many may
   * come at once, is those of a minute unless it is given.
   */
  readonly rate: (kind: string, perMinute: number, burst?: number) => RateLimit
}

export interface LimitsOptions {
  readonly connections?: ConnectionLimitsOptions
  /** 0 = unlimited. Default 120. */
  readonly commandsPerMinute?: number
  /** 0 = unlimited. Default 60. */
  readonly loginsPerMinute?: number
  readonly now?: () => number
}

/** Limits that this process keeps for itself. */
export function createLimits(options: LimitsOptions = {}): Limits {
  const { connections, commandsPerMinute = 120, loginsPerMinute = 60, now = Date.now } = options
  return {
    connections: createConnectionLimits(connections),
    commands: createRateLimit({ perMinute: commandsPerMinute, now }),
    logins: createRateLimit({ perMinute: loginsPerMinute, now }),
    rate: (_, perMinute, burst) => createRateLimit({ perMinute, burst, now }),
  }
}
