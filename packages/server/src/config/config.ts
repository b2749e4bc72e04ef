import * as v from 'valibot'
import type { TokenKeys } from '../auth/token-verifier.ts'
import type { ConnectionLimitsOptions } from '../gate/connection-limits.ts'
import { isLoopbackHost } from '../gate/host-policy.ts'
import type { OriginPolicyOptions } from '../gate/origin-policy.ts'
import { ConfigError } from './config-error.ts'
import type { RetentionLimits } from '@throughline/log'
import {
  hosts,
  origin,
  origins,
  plainText,
  proxies,
  redisUrl,
  secret,
  url,
  wholeNumber,
  word,
} from './values.ts'

/** The environment, checked. PROTOCOL.md §11. */
export interface Config {
  readonly port: number
  readonly host: string
  /** Where the server is reached unless a proxy stands before it: `PUBLIC_URL`, or host and port. */
  readonly ownOrigin: string
  readonly origins: OriginPolicyOptions
  readonly trustedProxies: readonly string[]
  readonly dataDir: string
  readonly redisUrl: string | undefined
  /** Of the standalone hub, on one port. */
  readonly processes: number
  readonly databaseUrl: string | undefined
  readonly backendUrl: string | undefined
  /** Absent: a secret of the data directory, in development. */
  readonly keys: TokenKeys | undefined
  readonly issuer: string
  readonly audience: string
  readonly accessTtlMs: number
  readonly durability: 'memory' | 'os' | 'fsync'
  readonly connections: Required<ConnectionLimitsOptions>
  readonly heartbeatMs: number
  readonly coalesceMs: number
  readonly leaseMs: number
  readonly lifetimeMs: number
  readonly maxEventBytes: number
  readonly commandsPerMinute: number
  /** History that one user is given by one node; 0 = unlimited. */
  readonly replayBytesPerSecond: number
  /** What stays of a session's log. PROTOCOL.md §9. */
  readonly retention: RetentionLimits
  /** Built for production and reached from beyond this machine: nothing is made up for it. */
  readonly production: boolean
}

export interface ReadConfigOptions {
  /** Default 3,000. */
  readonly defaultPort?: number
}

const ENVIRONMENT = v.object({
  PORT: v.optional(wholeNumber(0, 65_535)),
  HOST: v.optional(plainText, '127.0.0.1'),
  PUBLIC_URL: v.optional(origin),
  TRUSTED_PROXIES: v.optional(proxies, ''),
  DATA_DIR: v.optional(plainText, '.data'),
  REDIS_URL: v.optional(redisUrl),
  PROCESSES: v.optional(wholeNumber(1, 64), '1'),
  DATABASE_URL: v.optional(url(['postgres:', 'postgresql:'])),
  BACKEND_URL: v.optional(url(['http:', 'https:'])),
  ALLOW_ORIGINS: v.optional(origins),
  CORS_ALLOWED_ORIGINS: v.optional(origins),
  ALLOW_HOSTS: v.optional(hosts, ''),
  JWT_SECRET: v.optional(secret),
  JWT_JWKS_URL: v.optional(url(['http:', 'https:'])),
  JWT_ISSUER: v.optional(plainText, 'throughline'),
  JWT_AUDIENCE: v.optional(plainText, 'throughline'),
  ACCESS_TTL_MS: v.optional(wholeNumber(1_000, 86_400_000), '900000'),
  DURABILITY: v.optional(word(['os', 'fsync', 'memory']), 'os'),
  MAX_CONNECTIONS: v.optional(wholeNumber(0, 10_000_000), '10000'),
  MAX_CONNECTIONS_PER_USER: v.optional(wholeNumber(0, 10_000_000), '20'),
  MAX_CONNECTIONS_PER_ADDRESS: v.optional(wholeNumber(0, 10_000_000), '200'),
  HEARTBEAT_MS: v.optional(wholeNumber(100, 300_000), '15000'),
  COALESCE_MS: v.optional(wholeNumber(0, 1_000), '16'),
  RUN_LEASE_MS: v.optional(wholeNumber(300, 600_000), '15000'),
  STREAM_LIFETIME_MS: v.optional(wholeNumber(1_000, 86_400_000), '900000'),
  MAX_EVENT_BYTES: v.optional(wholeNumber(1_024, 16_777_216), '1048576'),
  RATE_LIMIT_PER_MINUTE: v.optional(wholeNumber(0, 1_000_000), '120'),
  REPLAY_BYTES_PER_SECOND: v.optional(wholeNumber(0, 1_000_000_000), '33554432'),
  COMPACT_AFTER_MS: v.optional(wholeNumber(0, 31_536_000_000), '600000'),
  RETAIN_DAYS: v.optional(wholeNumber(0, 36_500), '0'),
  RETAIN_EVENTS: v.optional(wholeNumber(0, 1_000_000_000), '0'),
  RETAIN_BYTES: v.optional(wholeNumber(0, 1_000_000_000_000), '0'),
  NODE_ENV: v.optional(v.string()),
})

const DAY_MS = 86_400_000
/** Fewer different characters in a secret are a pattern: any random one of its length has more. */
const LEAST_CHARACTERS = 8

type Environment = v.InferOutput<typeof ENVIRONMENT>

/** Reads the environment; an empty variable counts as none. @throws ConfigError naming all that is wrong */
export function readConfig(
  env: Readonly<Record<string, string | undefined>>,
  options: ReadConfigOptions = {},
): Config {
  const given = Object.fromEntries(
    Object.keys(ENVIRONMENT.entries).flatMap((name) => {
      const value = env[name]?.trim()
      return value === undefined || value === '' ? [] : [[name, value]]
    }),
  )
  const result = v.safeParse(ENVIRONMENT, given)
  const problems = result.success ? [] : result.issues.map(describe)
  const conflicts = findConflicts(given)
  if (!result.success || conflicts.length > 0)
    throw new ConfigError([...new Set([...problems, ...conflicts])])
  return toConfig(result.output, options.defaultPort ?? 3_000)
}

/** What is wrong between variables that are each fine. */
function findConflicts(given: Readonly<Record<string, string>>): readonly string[] {
  const { JWT_SECRET: secretText, JWT_JWKS_URL: jwks, DURABILITY: durability, BACKEND_URL: backend } = given
  const problems: string[] = []
  if (Number(given['PROCESSES'] ?? 1) > 1 && given['REDIS_URL'] === undefined) {
    problems.push('PROCESSES above 1 needs REDIS_URL: one process owns a data directory')
  }
  if (secretText !== undefined && jwks !== undefined) {
    problems.push('JWT_SECRET and JWT_JWKS_URL are two sources of keys: set one of them')
  }
  if (backend !== undefined && secretText === undefined && jwks === undefined) {
    problems.push('BACKEND_URL needs JWT_SECRET or JWT_JWKS_URL: those of the hub behind it')
  }
  if (!isProduction(given)) return problems
  if (secretText === undefined && jwks === undefined) {
    problems.push('JWT_SECRET (or JWT_JWKS_URL) is required in production: openssl rand -hex 32')
  }
  if (secretText !== undefined && new Set(secretText).size < LEAST_CHARACTERS) {
    problems.push('JWT_SECRET can be guessed, it repeats itself: openssl rand -hex 32')
  }
  if (jwks?.startsWith('http:') === true) {
    problems.push('JWT_JWKS_URL must be https in production: whoever answers it signs everybody in')
  }
  if (durability === 'memory') {
    problems.push('DURABILITY memory forgets everything at a restart: use os or fsync in production')
  }
  return problems
}

/**
 * `npm start` sets NODE_ENV=production for whoever tries the app on a laptop, too. What makes a deployment is that
 * others reach it: by a public address, or by the one it is bound to.
 */
function isProduction(env: Readonly<Record<string, unknown>>): boolean {
  const { NODE_ENV: mode, PUBLIC_URL: publicUrl, HOST: host = '127.0.0.1' } = env
  const name = URL.canParse(String(publicUrl)) ? new URL(String(publicUrl)).host : bracketed(String(host))
  return mode === 'production' && !isLoopbackHost(name)
}

function toConfig(env: Environment, defaultPort: number): Config {
  const port = env.PORT ?? defaultPort
  const allowOrigins = env.ALLOW_ORIGINS ?? env.CORS_ALLOWED_ORIGINS ?? []
  return {
    port,
    host: env.HOST,
    ownOrigin: env.PUBLIC_URL ?? originAt(env.HOST, port),
    origins: {
      allowOrigins,
      allowHosts: [...env.ALLOW_HOSTS, ...boundName(env.HOST)],
      ...(env.PUBLIC_URL !== undefined && { publicOrigin: env.PUBLIC_URL }),
    },
    trustedProxies: env.TRUSTED_PROXIES,
    dataDir: env.DATA_DIR,
    redisUrl: env.REDIS_URL,
    processes: env.PROCESSES,
    databaseUrl: env.DATABASE_URL,
    backendUrl: env.BACKEND_URL,
    keys: keysOf(env),
    issuer: env.JWT_ISSUER,
    audience: env.JWT_AUDIENCE,
    accessTtlMs: env.ACCESS_TTL_MS,
    durability: env.DURABILITY,
    connections: {
      total: env.MAX_CONNECTIONS,
      perUser: env.MAX_CONNECTIONS_PER_USER,
      perAddress: env.MAX_CONNECTIONS_PER_ADDRESS,
    },
    heartbeatMs: env.HEARTBEAT_MS,
    coalesceMs: env.COALESCE_MS,
    leaseMs: env.RUN_LEASE_MS,
    lifetimeMs: env.STREAM_LIFETIME_MS,
    maxEventBytes: env.MAX_EVENT_BYTES,
    commandsPerMinute: env.RATE_LIMIT_PER_MINUTE,
    replayBytesPerSecond: env.REPLAY_BYTES_PER_SECOND,
    retention: {
      compactAfterMs: env.COMPACT_AFTER_MS,
      retainMs: env.RETAIN_DAYS * DAY_MS,
      retainEvents: env.RETAIN_EVENTS,
      retainBytes: env.RETAIN_BYTES,
    },
    production: isProduction(env),
  }
}

function keysOf({ JWT_SECRET, JWT_JWKS_URL }: Environment): TokenKeys | undefined {
  if (JWT_SECRET !== undefined) return { kind: 'secret', secret: JWT_SECRET }
  return JWT_JWKS_URL === undefined ? undefined : { kind: 'jwks', url: JWT_JWKS_URL }
}

/** A name or address that the server is bound to is one it is reached by; the wildcards are none. */
function boundName(host: string): string[] {
  return ['0.0.0.0', '::', '[::]'].includes(host) ? [] : [bracketed(host).toLowerCase()]
}

/** Where a browser on this machine finds the server. */
export function originAt(host: string, port: number): string {
  const name = boundName(host)[0] ?? 'localhost'
  return `http://${name}:${String(port)}`
}

function bracketed(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host
}

function describe(issue: v.BaseIssue<unknown>): string {
  return `${v.getDotPath(issue)?.split('.')[0] ?? ''} ${issue.message}`
}
