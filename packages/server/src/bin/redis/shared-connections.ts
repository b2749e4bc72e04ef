import { defineScript, type RedisKeys, type RedisLink } from '@throughline/log/redis'
import type { ConnectionLimits, ConnectionOwner, Place } from '../../gate/connection-limits.ts'

export interface SharedConnectionsOptions {
  readonly link: Pick<RedisLink, 'run'>
  readonly keys: Pick<RedisKeys, 'connectionsOf'>
  readonly node: string
  /** What this node counts for itself: all of its connections, and those of an address. */
  readonly own: ConnectionLimits
  /** Of one user over all nodes; 0 = unlimited. */
  readonly perUser: number
  /** The counts of a node that says nothing for this long are void. Default 30,000. */
  readonly lapseMs?: number
}

/** Connection limits of which those of a user hold over all nodes. `close` gives all places back. */
export interface SharedConnections extends ConnectionLimits {
  /** @throws StreamError 503 when Redis cannot be reached */
  take(owner: ConnectionOwner): Promise<Place | undefined>
  close(): Promise<void>
}

/**
 * Sets how many places of a user this node holds; each node has a field of its own, so that what it says again mends
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

/** Users whose places are said again at one time. */
const BATCH = 100

export function createSharedConnections(options: SharedConnectionsOptions): SharedConnections {
  const { link, keys, node, own, perUser, lapseMs = 30_000 } = options
  const held = new Map<string, number>()
  let refreshing = false

  const say = async (userId: string, most: number): Promise<boolean> => {
    const args = [node, String(held.get(userId) ?? 0), String(most), String(lapseMs)]
    const [word] = await link.run(HOLD, [keys.connectionsOf(userId)], args)
    return word === 'ok'
  }

  /** What cannot be said now is said by the next refresh, or lapses. */
  const sayQuietly = async (userId: string): Promise<void> => {
    await say(userId, 0).catch(() => undefined)
  }

  const change = (userId: string, by: number): void => {
    const count = (held.get(userId) ?? 0) + by
    if (count > 0) held.set(userId, count)
    else held.delete(userId)
  }

  const refresh = async (): Promise<void> => {
    if (refreshing) return
    refreshing = true
    const users = [...held.keys()]
    for (let at = 0; at < users.length; at += BATCH) {
      await Promise.all(users.slice(at, at + BATCH).map(sayQuietly))
    }
    refreshing = false
  }
  const timer = setInterval(() => {
    void refresh()
  }, lapseMs / 3)
  timer.unref()

  const takeShared = async (userId: string): Promise<boolean> => {
    change(userId, 1)
    try {
      const isFree = await say(userId, perUser)
      if (!isFree) change(userId, -1)
      return isFree
    } catch (error) {
      change(userId, -1)
      throw error
    }
  }

  return {
    async take(owner) {
      const place = await own.take(owner)
      const { userId } = owner
      if (place === undefined || userId === undefined || perUser === 0) return place
      try {
        if (await takeShared(userId))
          return both(place, () => {
            change(userId, -1)
            void sayQuietly(userId)
          })
      } catch (error) {
        place()
        throw error
      }
      place()
      return undefined
    },
    count: () => own.count(),
    async close() {
      clearInterval(timer)
      const users = [...held.keys()]
      held.clear()
      await Promise.all(users.map(sayQuietly))
    },
  }
}

/** Gives two places back as one, once. */
function both(place: Place, shared: () => void): Place {
  let given = false
  return () => {
    if (given) return
    given = true
    place()
    shared()
  }
}
