import { MAX_EVENT_BYTES } from '@throughline/protocol'
import type { EventLog } from '@throughline/log'
import type { Auth } from '../auth/auth.ts'
import { silentAudit, type Audit } from '../audit/audit.ts'
import { createLimits, type Limits } from '../gate/limits.ts'
import { createReplayPace, type ReplayPace } from '../gate/replay-pace.ts'
import { createSessionAccess, type SessionAccess } from '../gate/session-access.ts'
import type { Hub } from '../hub/hub.ts'
import { systemTimers, type Timers } from '../hub/timers.ts'
import { silentLogger, type Logger } from '../logger.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { LEASE_MS, createClaimer, type Claimer } from '../runs/claimer.ts'
import { createCommands, type Commands } from '../runs/commands.ts'
import { createHistory, type History } from '../runs/history.ts'
import type { HealthCheck } from './probes.ts'

export interface ServicesOptions {
  readonly log: EventLog
  readonly hub: Hub
  readonly auth: Auth
  /** Default: one of its own, shared with nobody. */
  readonly claimer?: Claimer
  /** Default: those of one process. */
  readonly limits?: Limits
  /** History that one user is given by this node; 0 = unlimited. Default 32 MiB. */
  readonly replayBytesPerSecond?: number
  /** Life of a run's lease. Default 15,000. */
  readonly leaseMs?: number
  /** Default 1 MiB. */
  readonly maxEventBytes?: number
  /** A streamed body that is quiet for longer ends. Default 60,000. */
  readonly bodyIdleMs?: number
  /** Aborted when the server begins to go down. */
  readonly draining?: AbortSignal
  /** What `/metrics` answers. Default: nothing. */
  readonly metrics?: Metrics
  /** What must be well beside the log for `/readyz`. Default: nothing. */
  readonly checks?: readonly HealthCheck[]
  /** Default: keeps no record. */
  readonly audit?: Audit
  /** Default: says nothing. */
  readonly logger?: Logger
  readonly now?: () => number
  readonly timers?: Timers
}

/** What the route groups work with. */
export interface Services {
  readonly log: EventLog
  readonly hub: Hub
  readonly auth: Auth
  readonly access: SessionAccess
  readonly limits: Limits
  readonly replay: ReplayPace
  readonly claimer: Claimer
  readonly commands: Commands
  readonly history: History
  readonly logger: Logger
  readonly metrics: Metrics | undefined
  readonly checks: readonly HealthCheck[]
  readonly audit: Audit
  readonly now: () => number
  readonly timers: Timers
  readonly leaseMs: number
  readonly maxEventBytes: number
  readonly bodyIdleMs: number
  /** Its reason is the answer to whoever is in the middle. */
  readonly draining: AbortSignal
}

export function createServices(options: ServicesOptions): Services {
  const { log, hub, auth, leaseMs = LEASE_MS, now = Date.now, timers = systemTimers } = options
  const history = createHistory({ log, newest: async (id) => (await hub.state(id)).messages })
  const limits = options.limits ?? createLimits({ now })
  options.metrics?.observe({ hub, connections: limits.connections })
  return {
    log,
    hub,
    auth,
    access: createSessionAccess(log.driver),
    limits,
    replay: createReplayPace({ bytesPerSecond: options.replayBytesPerSecond ?? 33_554_432, now }),
    claimer: options.claimer ?? createClaimer({ log, leaseMs, now, timers }),
    commands: createCommands({ log, hub, history, now }),
    history,
    logger: options.logger ?? silentLogger,
    metrics: options.metrics,
    checks: options.checks ?? [],
    audit: options.audit ?? silentAudit,
    now,
    timers,
    leaseMs,
    maxEventBytes: options.maxEventBytes ?? MAX_EVENT_BYTES,
    bodyIdleMs: options.bodyIdleMs ?? 60_000,
    draining: options.draining ?? new AbortController().signal,
  }
}
