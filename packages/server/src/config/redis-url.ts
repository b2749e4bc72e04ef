/** Where `REDIS_URL` leads. */
export interface RedisPlace {
  /** One server, or some of a cluster: one URL each, with what else was said. Of Sentinels, theirs. */
  readonly urls: readonly URL[]
  /** The name by which Sentinels know the master; absent without them. */
  readonly master?: string
}

const SHAPE = /^(redis|rediss|redis\+sentinel):\/\/([^@/?#]*@)?([^@/?#]+)(\/[^?#]*)?$/

/**
 * Reads `redis://host:port`, `rediss://` for TLS, several hosts with commas between for a cluster, or
 * `redis+sentinel://host:port,host:port/name-of-the-master`; credentials stand before the first host. `undefined` for
 * anything else.
 */
export function parseRedisUrl(text: string): RedisPlace | undefined {
  const [, scheme, credentials = '', hosts = '', path = ''] = SHAPE.exec(text) ?? []
  if (scheme === undefined) return undefined
  const isSentinel = scheme === 'redis+sentinel'
  const texts = hosts
    .split(',')
    .map((host) => `${isSentinel ? 'redis' : scheme}://${credentials}${host}${isSentinel ? '' : path}`)
  if (!texts.every((each) => URL.canParse(each) && new URL(each).hostname !== '')) return undefined
  const urls = texts.map((each) => new URL(each))
  if (!isSentinel) return { urls }
  const master = path.slice(1)
  return /^[A-Za-z0-9._-]+$/.test(master) ? { urls, master } : undefined
}
