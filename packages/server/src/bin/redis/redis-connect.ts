import type { RedisConnect } from '@throughline/log/redis'
import { Redis } from 'ioredis'
import { parseRedisUrl, type RedisPlace } from '../../config/redis-url.ts'

const SENTINEL_PORT = 26_379

/** Makes clients for `REDIS_URL`: of each host in turn, or of the master that Sentinels name. */
export function redisConnect(redisUrl: string): RedisConnect {
  const { urls, master } = placeOf(redisUrl)
  let turn = 0
  if (master !== undefined) return () => viaSentinels(urls, master)
  return (at) => {
    const url = new URL(urls[turn++ % urls.length] ?? '')
    if (at !== undefined) {
      url.hostname = at.host.includes(':') ? `[${at.host}]` : at.host
      url.port = String(at.port)
    }
    return new Redis(url.href, { lazyConnect: true })
  }
}

/** The hosts, for people; without credentials. */
export function placesOf(redisUrl: string): string {
  return placeOf(redisUrl)
    .urls.map(({ host }) => host)
    .join(', ')
}

function viaSentinels(urls: readonly URL[], name: string): Redis {
  const sentinels = urls.map(({ hostname, port }) => ({
    host: bare(hostname),
    port: port === '' ? SENTINEL_PORT : Number(port),
  }))
  const [{ username, password } = { username: '', password: '' }] = urls
  return new Redis({
    sentinels,
    name,
    lazyConnect: true,
    ...(username !== '' && { username: decodeURIComponent(username) }),
    ...(password !== '' && { password: decodeURIComponent(password) }),
    // Whoever connects tries again, with a client of its own.
    sentinelRetryStrategy: () => null,
  })
}

function placeOf(redisUrl: string): RedisPlace {
  const place = parseRedisUrl(redisUrl)
  if (place === undefined) throw new TypeError('REDIS_URL is checked before it is used.')
  return place
}

/** An IPv6 address without its brackets. */
function bare(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1')
}
