import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { BlockList } from 'node:net'
import { join } from 'node:path'
import { openRedis } from '@throughline/log/redis'
import { startRedisServer } from '@throughline/log/testing/redis-server'
import { readConfig } from '@throughline/server'
import { Redis } from 'ioredis'
import { beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'

const ROOT = join(import.meta.dirname, '..', '..')
const APPS = ['app1', 'app2', 'app3']

interface Service {
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly depends_on?: Readonly<Record<string, { condition: string }>>
  readonly volumes?: readonly string[]
  readonly networks: readonly string[] | Readonly<Record<string, { ipv4_address: string }>>
  readonly read_only?: boolean
  readonly logging?: { options: Readonly<Record<string, string>> }
  readonly healthcheck?: object
  readonly stop_grace_period?: string
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>
  readonly volumes: Readonly<Record<string, unknown>>
  readonly networks: Readonly<Record<string, { ipam: { config: { subnet: string; ip_range: string }[] } }>>
}

const GIVEN: Readonly<Record<string, string>> = {
  PUBLIC_URL: 'https://app.example.com',
  JWT_SECRET: 'a secret of the deployment, 32 bytes or more',
  POSTGRES_PASSWORD: 'secret',
}

let compose: Compose
/** The variables without which it is refused. */
let asked: readonly string[]
let nginx: string

beforeAll(async () => {
  const text = await readFile(join(ROOT, 'deploy/compose.yaml'), 'utf8')
  asked = [...text.matchAll(/\$\{([A-Z_]+):\?/g)].map(([, name = '']) => name)
  const filled = text.replaceAll(/\$\{([A-Z_]+):\?[^}]*\}/g, (_, name: string) => GIVEN[name] ?? '')
  compose = parse(filled, { merge: true, strict: true }) as Compose
  nginx = await readFile(join(ROOT, 'deploy/nginx.conf'), 'utf8')
})

const service = (name: string): Service => {
  const found = compose.services[name]
  if (found === undefined) throw new Error(`deploy/compose.yaml has no ${name}`)
  return found
}

function addressOf(name: string): string {
  const { networks } = service(name)
  return (networks as Readonly<Record<string, { ipv4_address: string }>>)['inside']?.ipv4_address ?? ''
}

describe('deploy/compose.yaml', () => {
  test('asks for nothing that is not there', () => {
    for (const [name, { depends_on = {}, volumes = [], networks }] of Object.entries(compose.services)) {
      for (const [other, { condition }] of Object.entries(depends_on)) {
        expect(condition, `${name} waits for ${other}`).toBe('service_healthy')
        const { healthcheck, environment } = service(other)
        // The image of the app says itself when it is well.
        expect(healthcheck ?? environment?.['REDIS_URL'], other).toBeDefined()
      }
      for (const volume of volumes) {
        const [from = ''] = volume.split(':')
        if (from === './tls') continue
        const isThere = from.startsWith('.')
          ? existsSync(join(ROOT, 'deploy', from))
          : Object.hasOwn(compose.volumes, from)
        expect(isThere, volume).toBe(true)
      }
      const names = networks instanceof Array ? networks : Object.keys(networks)
      expect(names.length, name).toBeGreaterThan(0)
      for (const network of names) expect(compose.networks).toHaveProperty(network)
    }
  })

  test.each(APPS)('%s starts with what it is given, on the Redis and the Postgres beside it', (name) => {
    const config = readConfig({ NODE_ENV: 'production', HOST: '0.0.0.0', ...service(name).environment })
    expect(config).toMatchObject({ production: true, port: 3_000, ownOrigin: GIVEN['PUBLIC_URL'] })
    expect(new URL(config.redisUrl ?? '').hostname).toBe('redis')
    expect(new URL(config.databaseUrl ?? '').hostname).toBe('postgres')
    expect(config.trustedProxies).toEqual([addressOf('nginx')])
    expect(parseInt(service(name).stop_grace_period ?? '', 10)).toBeGreaterThan(15)
  })

  test('nginx has every node behind it, and no other', () => {
    expect(Object.keys(compose.services).filter((name) => name.startsWith('app'))).toEqual(APPS)
    expect([...nginx.matchAll(/server (\w+):3000 /g)].map(([, name]) => name)).toEqual(APPS)
  })

  test('who is found by an address keeps it, and nobody else is given it', () => {
    const [{ subnet, ip_range } = { subnet: '', ip_range: '' }] =
      compose.networks['inside']?.ipam.config ?? []
    const fixed = ['nginx', ...APPS].map(addressOf)
    expect(new Set(fixed).size).toBe(fixed.length)
    const [all, others] = [new BlockList(), new BlockList()]
    for (const [list, range] of [
      [all, subnet],
      [others, ip_range],
    ] as const) {
      const [base = '', bits = ''] = range.split('/')
      list.addSubnet(base, Number(bits))
    }
    for (const address of fixed) expect([all.check(address), others.check(address)]).toEqual([true, false])
  })

  test('without its secrets it does not start', () => {
    for (const name of Object.keys(GIVEN)) expect(asked).toContain(name)
  })

  test('what its services write is bounded, and the app writes to its volume alone', () => {
    for (const [name, { logging }] of Object.entries(compose.services)) {
      expect(logging?.options, name).toHaveProperty('max-size')
    }
    for (const name of APPS) {
      expect(service(name).read_only).toBe(true)
      expect(service(name).volumes).toEqual([`${name}:/data`])
    }
  })

  test('its Redis is one that a log may be kept in', async () => {
    const [program, ...settings] = service('redis').command ?? []
    expect(program).toBe('redis-server')
    const redis = await startRedisServer(...settings)
    const log = await openRedis({ connect: () => new Redis(redis.url, { lazyConnect: true }) })
    expect(log.driver.durability).toBe('os')
    await log.dispose()
    await redis.dispose()
  })
})
