import { describe, expect, test } from 'vitest'
import { ConfigError } from './config-error.ts'
import { readConfig } from './config.ts'

const SECRET = 'a secret for tests that is 32 bytes or more'

function problems(env: Readonly<Record<string, string>>): readonly string[] {
  try {
    readConfig(env)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

test('nothing set gives the documented defaults', () => {
  expect(readConfig({})).toMatchObject({
    port: 3_000,
    host: '127.0.0.1',
    ownOrigin: 'http://127.0.0.1:3000',
    origins: { allowOrigins: [], allowHosts: ['127.0.0.1'] },
    trustedProxies: [],
    dataDir: '.data',
    keys: undefined,
    issuer: 'throughline',
    audience: 'throughline',
    accessTtlMs: 900_000,
    durability: 'os',
    connections: { total: 10_000, perUser: 20, perAddress: 200 },
    heartbeatMs: 15_000,
    coalesceMs: 16,
    leaseMs: 15_000,
    lifetimeMs: 900_000,
    maxEventBytes: 1_048_576,
    commandsPerMinute: 120,
    replayBytesPerSecond: 33_554_432,
    retention: { compactAfterMs: 600_000, retainMs: 0, retainEvents: 0, retainBytes: 0 },
    production: false,
  })
  expect(readConfig({}, { defaultPort: 4_000 }).port).toBe(4_000)
})

test('an empty or blank variable counts as none', () => {
  expect(readConfig({ PORT: '', HOST: ' ', JWT_SECRET: '', NODE_ENV: '' })).toEqual(readConfig({}))
})

test('what is set is taken', () => {
  const config = readConfig({
    PORT: '8080',
    HOST: '0.0.0.0',
    PUBLIC_URL: 'https://app.example.com/',
    TRUSTED_PROXIES: '10.0.0.0/8, ::1',
    ALLOW_ORIGINS: 'https://a.example, http://localhost:5173',
    ALLOW_HOSTS: 'Hub.Internal, 10.0.0.5:4000,',
    JWT_SECRET: SECRET,
    MAX_CONNECTIONS: '0',
    DURABILITY: 'fsync',
    COMPACT_AFTER_MS: '0',
    RETAIN_DAYS: '30',
    RETAIN_EVENTS: '100000',
    NODE_ENV: 'production',
  })
  expect(config).toMatchObject({
    port: 8_080,
    ownOrigin: 'https://app.example.com',
    origins: {
      publicOrigin: 'https://app.example.com',
      allowOrigins: ['https://a.example', 'http://localhost:5173'],
      allowHosts: ['hub.internal', '10.0.0.5:4000'],
    },
    trustedProxies: ['10.0.0.0/8', '::1'],
    keys: { kind: 'secret', secret: SECRET },
    connections: { total: 0 },
    durability: 'fsync',
    retention: { compactAfterMs: 0, retainMs: 2_592_000_000, retainEvents: 100_000 },
    production: true,
  })
})

test('the other name of ALLOW_ORIGINS counts when the first is not set', () => {
  const origins = (env: Readonly<Record<string, string>>) => readConfig(env).origins.allowOrigins
  expect(origins({ CORS_ALLOWED_ORIGINS: 'https://b.example' })).toEqual(['https://b.example'])
  const both = { ALLOW_ORIGINS: 'https://a.example', CORS_ALLOWED_ORIGINS: 'https://b.example' }
  expect(origins(both)).toEqual(['https://a.example'])
})

test('everything wrong is said in one message, each by its name', () => {
  const wrong = problems({
    PORT: '70000',
    PUBLIC_URL: 'app.example.com',
    ALLOW_ORIGINS: '*',
    ALLOW_HOSTS: 'https://x',
    JWT_SECRET: 'short',
    DURABILITY: 'sometimes',
    HEARTBEAT_MS: '1.5',
    RETAIN_DAYS: '-1',
    MAX_CONNECTIONS: '-1',
    REDIS_URL: 'http://x',
    TRUSTED_PROXIES: 'everybody',
  })
  expect(wrong.map((problem) => problem.split(' ')[0])).toEqual([
    'PORT',
    'PUBLIC_URL',
    'TRUSTED_PROXIES',
    'REDIS_URL',
    'ALLOW_ORIGINS',
    'ALLOW_HOSTS',
    'JWT_SECRET',
    'DURABILITY',
    'MAX_CONNECTIONS',
    'HEARTBEAT_MS',
    'RETAIN_DAYS',
  ])
  expect(new ConfigError(wrong).message.split('\n')).toHaveLength(12)
})

test('several processes need the Redis that they share', () => {
  expect(problems({ PROCESSES: '2' })).toEqual([expect.stringContaining('PROCESSES above 1 needs REDIS_URL')])
  expect(readConfig({ PROCESSES: '2', REDIS_URL: 'redis://127.0.0.1' }).processes).toBe(2)
})

test.each([
  'https://app.example.com/path',
  'https://APP.example.com',
  'app.example.com',
  'null',
  'https://*.example.com',
  'https://user@app.example.com',
  'https://app.example.com:443',
  'ftp://app.example.com',
])('the origin %j could never match what a browser sends, so it is refused', (origin) => {
  expect(problems({ ALLOW_ORIGINS: origin })).toHaveLength(1)
})

describe('in production', () => {
  const production = { NODE_ENV: 'production', PUBLIC_URL: 'https://app.example.com' }

  test('keys are required, and made up for no one', () => {
    expect(problems(production)).toEqual([expect.stringContaining('JWT_SECRET')])
    expect(problems({ NODE_ENV: 'production', HOST: '0.0.0.0' })).toHaveLength(1)
    expect(problems({ ...production, JWT_SECRET: SECRET })).toEqual([])
  })

  test('keys from elsewhere come over TLS, and the log is kept', () => {
    expect(problems({ ...production, JWT_JWKS_URL: 'http://keys.example' })).toHaveLength(1)
    expect(problems({ ...production, JWT_JWKS_URL: 'https://keys.example' })).toEqual([])
    expect(problems({ ...production, JWT_SECRET: SECRET, DURABILITY: 'memory' })).toHaveLength(1)
  })

  test.each([
    ['short', '0123456789abcdef'],
    ['one key held down', 'a'.repeat(64)],
    ['a pattern', 'abcabc1'.repeat(8)],
  ])('a secret that is %s is refused', (_, secret) => {
    const mend = expect.stringMatching(/^JWT_SECRET .*openssl rand/) as string
    expect(problems({ ...production, JWT_SECRET: secret })).toEqual([mend])
  })

  test('is not what a build on a laptop is', () => {
    expect(readConfig({ NODE_ENV: 'production' }).production).toBe(false)
    expect(readConfig({ NODE_ENV: 'production', HOST: '::1' }).ownOrigin).toBe('http://[::1]:3000')
    expect(problems({ NODE_ENV: 'production', PUBLIC_URL: 'http://localhost:3000' })).toEqual([])
  })
})

test('a hub elsewhere needs its keys here', () => {
  const backend = { BACKEND_URL: 'http://10.0.0.5:4000' }
  expect(problems(backend)).toEqual([expect.stringContaining('BACKEND_URL needs JWT_SECRET')])
  expect(problems({ ...backend, JWT_SECRET: SECRET })).toEqual([])
  expect(problems({ ...backend, JWT_JWKS_URL: 'https://keys.example' })).toEqual([])
})

test('two sources of keys are one too many', () => {
  expect(problems({ JWT_SECRET: SECRET, JWT_JWKS_URL: 'https://keys.example' })).toHaveLength(1)
})
