import { defineScript, type RedisKeys, type RedisLink } from '@throughline/log/redis'
import type { ConnectionLimits, ConnectionOwner, Place } from '../../gate/connection-limits.ts'

export interface SharedConnectionsOptions {
  readonly link: Pick<RedisLink, 'run'>
  readonly keys: Pick<RedisKeys, 'connectionsOf' | 'connectionsFrom'>
  readonly node: string
  /** What this node counts for itself: all of its connections. */
  readonly own: ConnectionLimits
  /** Of one user over all nodes; 0 = unlimited. */
  readonly perUser: number
  /** From one address over all nodes; 0 = unlimited. */
  readonly perAddress: number
  /** The counts of a node that says nothing for this long are void. Default 30,000. */
  readonly lapseMs?: number
}

/** Connection limits of which those of a user and of an address hold over all nodes. `close` gives all places back. */
export interface SharedConnections extends ConnectionLimits {
  /** @throws StreamError 503 when Redis cannot be reached */
  take(owner: ConnectionOwner): Promise<Place | undefined>
  close(): Promise<void>
}

/**
 * Sets how many places of a user or an address this node holds; each node has a field of its own, so that what it says again mends
 * what was lost. ARGV: node, places, most over all nodes (0: unlimited), life in ms. Answers `full` without a change.
 */
const HOLD = defineScript(
  'hold-places',
  'free',
  `
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local places, most = tonumber(ARGV[2]), tonumber(ARGV[3])
local others, fields = 0, redis.call('HGETALL', KEYS[1])
for at = 1, #fields, 2 do
  local held, ends = string.match(fields[at + 1], '^(%d+) (%d+)$')
  if tonumber(ends) < now then
    redis.call('HDEL', KEYS[1], fields[at])
  elseif fields[at] ~= ARGV[1] then
    others = others + tonumber(held)
  end
end
if most > 0 and others + places > most then return {'full'} end
if places == 0 then
  redis.call('HDEL', KEYS[1], ARGV[1])
else
  redis.call('HSET', KEYS[1], ARGV[1], places .. ' ' .. string.format('%.0f', now + tonumber(ARGV[4])))
  redis.call('PEXPIRE', KEYS[1], ARGV[4])
end
return {'ok'}
`,
)

/** Connections that are counted together, by their key, and how many there may be. */
interface Count {
  readonly key: string
  readonly most: number
}

/** Counts that are said again at one time. */
const BATCH = 100

export function createSharedConnections(options: SharedConnectionsOptions): SharedConnections {
  const { link, keys, node, own, perUser, perAddress, lapseMs = 30_000 } = options
  /** Places of this node by key. */
  const held = new Map<string, number>()
  let refreshing = false

  const say = async (key: string, most: number): Promise<boolean> => {
    const args = [node, String(held.get(key) ?? 0), String(most), String(lapseMs)]
    const [word] = await link.run(HOLD, [key], args)
    return word === 'ok'
  }

  /** What cannot be said now is said by the next refresh, or lapses. */
  const sayQuietly = async (key: string): Promise<void> => {
    await say(key, 0).catch(() => undefined)
  }

  const change = (key: string, by: number): void => {
    const count = (held.get(key) ?? 0) + by
    if (count > 0) held.set(key, count)
    else held.delete(key)
  }

  const giveBack = (key: string): void => {
    change(key, -1)
    void sayQuietly(key)
  }

  const refresh = async (): Promise<void> => {
    if (refreshing) return
    refreshing = true
    const all = [...held.keys()]
    for (let at = 0; at < all.length; at += BATCH) {
      await Promise.all(all.slice(at, at + BATCH).map(sayQuietly))
    }
    refreshing = false
  }
  const timer = setInterval(() => {
    void refresh()
  }, lapseMs / 3)
  timer.unref()

  const takeOne = async ({ key, most }: Count): Promise<boolean> => {
    change(key, 1)
    try {
      const isFree = await say(key, most)
      if (!isFree) change(key, -1)
      return isFree
    } catch (error) {
      change(key, -1)
      throw error
    }
  }

  /** A place in each count, or in none. */
  const takeAll = async (counts: readonly Count[]): Promise<boolean> => {
    const taken: string[] = []
    try {
      for (const count of counts) {
        if (!(await takeOne(count))) break
        taken.push(count.key)
      }
    } finally {
      if (taken.length < counts.length) taken.forEach(giveBack)
    }
    return taken.length === counts.length
  }

  const countsOf = ({ userId, address }: ConnectionOwner): Count[] => [
    ...(userId === undefined || perUser === 0 ? [] : [{ key: keys.connectionsOf(userId), most: perUser }]),
    ...(address === undefined || perAddress === 0
      ? []
      : [{ key: keys.connectionsFrom(address), most: perAddress }]),
  ]

  return {
    async take(owner) {
      const place = await own.take(owner)
      const counts = countsOf(owner)
      if (place === undefined || counts.length === 0) return place
      let isTaken = false
      try {
        isTaken = await takeAll(counts)
      } finally {
        if (!isTaken) place()
      }
      if (!isTaken) return undefined
      let given = false
      return () => {
        if (given) return
        given = true
        place()
        for (const { key } of counts) giveBack(key)
      }
    },
    count: () => own.count(),
    async close() {
      clearInterval(timer)
      const all = [...held.keys()]
      held.clear()
      await Promise.all(all.map(sayQuietly))
    },
  }
}
