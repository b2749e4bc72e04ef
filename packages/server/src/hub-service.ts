import {
  createEventLog,
  createRetention,
  type Backplane,
  type EventLog,
  type LogDriver,
} from '@throughline/log'
import { REFRESH_TTL_MS, createAuth, type Auth } from './auth/auth.ts'
import { createLogins } from './auth/logins.ts'
import type { TokenKeys } from './auth/token-verifier.ts'
import { createAudit, type Audit } from './audit/audit.ts'
import type { Config } from './config/config.ts'
import { createLimits, type Limits } from './gate/limits.ts'
import { goingDown } from './gateway/connections.ts'
import type { Gateway } from './gateway/exchange.ts'
import { createGateway } from './gateway/gateway.ts'
import type { HealthCheck } from './gateway/probes.ts'
import type { Route } from './gateway/route.ts'
import { createHub } from './hub/create-hub.ts'
import type { Hub } from './hub/hub.ts'
import { systemTimers, type Timers } from './hub/timers.ts'
import { silentLogger, type Logger } from './logger.ts'
import { measureGateway } from './metrics/measured-gateway.ts'
import { measureLog } from './metrics/measured-log.ts'
import type { Metrics } from './metrics/metrics.ts'
import { createClaimer } from './runs/claimer.ts'
import { createLocalRunSource } from './runs/local-run-source.ts'
import { createReaper } from './runs/reaper.ts'
import { createPurge } from './runs/purge.ts'
import type { RunSource } from './runs/run-source.ts'

export interface HubServiceOptions {
  readonly config: Config
  /** Where the streams are; the service uses it and does not dispose of it. */
  readonly driver: LogDriver
  /** Default: hints within this process. */
  readonly backplane?: Backplane
  /** Default: those of the configuration, which in development may have none. */
  readonly keys?: TokenKeys
  /** The app's own routes, behind the same gate: made with the service's parts. */
  readonly routes?: (parts: HubParts) => readonly Route[]
  /** What `/metrics` answers: one of `@throughline/server/metrics`. Default: nothing. */
  readonly metrics?: Metrics
  /** What must be well beside the log for `/readyz`. Default: nothing. */
  readonly checks?: readonly HealthCheck[]
  /** Default: those of the configuration, kept by this process. */
  readonly limits?: Limits
  readonly logger?: Logger
  readonly now?: () => number
  readonly random?: () => number
  readonly timers?: Timers
}

/** What an app's own routes work with. */
export interface HubParts {
  readonly log: EventLog
  readonly hub: Hub
  readonly auth: Auth
  /** Who was let in, refused and shown out. */
  readonly audit: Audit
  /** Limits of the app's own, counted over all nodes where the hub's are. */
  readonly rate: Limits['rate']
  /** Aborted when the server begins to go down. */
  readonly draining: AbortSignal
}

/** Everything of a hub but its socket. */
export interface HubService extends HubParts {
  readonly gateway: Gateway
  /** Runs for agents in this process. */
  readonly runs: RunSource
  /** Ends what a former process left, then begins to answer for leases, logins and deletions. */
  start(): Promise<void>
  /**
   * Goes down in order: not ready, nothing new; runs of this process are given up after `graceMs`; readers are told
   * to come back, spread over `spreadMs`. Idempotent.
   */
  drain(options: { readonly graceMs: number; readonly spreadMs: number }): Promise<void>
  /** Ends timers and tails; after `drain`. */
  close(): Promise<void>
}

/** Composes log, hub, gate, routes and runs: for the standalone hub and for an app that adds pages and agents. */
export function createHubService(options: HubServiceOptions): HubService {
  const { config, driver, logger = silentLogger, now = Date.now, timers = systemTimers } = options
  const keys = options.keys ?? config.keys
  if (keys === undefined) throw new Error('createHubService needs keys: set JWT_SECRET or pass `keys`.')
  const onError = (error: unknown, context: string): void => {
    logger.error({ err: error }, context)
  }
  const common = { now, timers, onError, leaseMs: config.leaseMs }
  const { backplane, metrics, random = Math.random } = options

  const audit = createAudit({ logger, now })
  const limits = options.limits ?? limitsOf(config, now)
  const unmeasured = createEventLog({ driver, now, ...(backplane !== undefined && { backplane }) })
  const log = metrics === undefined ? unmeasured : measureLog(unmeasured, metrics, () => timers.monotonic())
  const hub = createHub({
    ...common,
    ...config,
    log,
    random,
    ...(metrics !== undefined && { onFlush: metrics.flushed }),
  })
  const logins = createLogins({ log, now, timers, keepMs: REFRESH_TTL_MS, onError })
  const auth = createAuth({ ...config, keys, logins, now })
  const claimer = createClaimer({ ...common, log })
  const runs = createLocalRunSource({ ...common, log, hub, claimer, random })
  const isWaiting = async (sessionId: string, runId: string): Promise<boolean> =>
    (await hub.state(sessionId)).runs.some(({ id, inputs }) => id === runId && inputs.length > 0)
  const reaper = createReaper({ ...common, log, isWaiting })
  const purge = createPurge({ ...common, log, alsoDo: () => logins.sweep() })
  const retention = createRetention({ ...common, ...config.retention, log })
  const draining = new AbortController()
  const parts: HubParts = { log, hub, auth, audit, rate: limits.rate, draining: draining.signal }
  const gateway = createGateway({
    ...parts,
    ...common,
    claimer,
    logger,
    limits,
    random,
    ...(metrics !== undefined && { metrics }),
    checks: options.checks ?? [],
    origins: config.origins,
    maxEventBytes: config.maxEventBytes,
    replayBytesPerSecond: config.replayBytesPerSecond,
    routes: options.routes?.(parts) ?? [],
  })
  let drained: Promise<void> | undefined

  const drain = async (graceMs: number, spreadMs: number): Promise<void> => {
    draining.abort(goingDown())
    await Promise.all([endRuns(graceMs), hub.drain(spreadMs)])
  }

  const endRuns = async (graceMs: number): Promise<void> => {
    await runs.finish(graceMs)
    await runs.close()
  }

  return {
    ...parts,
    gateway: metrics === undefined ? gateway : measureGateway(gateway, metrics),
    runs,
    async start() {
      await logins.start()
      await reaper.start()
      purge.start()
      await retention.start()
    },
    drain: ({ graceMs, spreadMs }) => (drained ??= drain(graceMs, spreadMs)),
    async close() {
      claimer.close()
      await Promise.all([reaper.close(), purge.close(), retention.close(), logins.close(), runs.close()])
      await log.close()
    },
  }
}

function limitsOf({ connections, commandsPerMinute }: Config, now: () => number): Limits {
  // Who switches the limit off for a test or a bench signs in more often, too.
  const off = commandsPerMinute === 0
  return createLimits({ connections, commandsPerMinute, now, ...(off && { loginsPerMinute: 0 }) })
}
