import { defineScript, type RedisLink } from '@throughline/log/redis'
import type { RateLimit } from '../../gate/rate-limit.ts'

export interface SharedRateOptions {
  readonly link: Pick<RedisLink, 'run'>
  readonly keyOf: (caller: string) => string
  /** Calls a minute, and how many may come at once; 0 = unlimited. */
  readonly perMinute: number
}

export interface SharedRate extends RateLimit {
  /** @throws StreamError 503 when Redis cannot be reached */
  take(caller: string): Promise<number>
}

/** A bucket that refills evenly, gone once it is full again. ARGV: calls a minute. Answers the wait in ms. */
const TAKE = defineScript(
  'take-call',
  'write',
  `
local per_minute = tonumber(ARGV[1])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + tonumber(time[2]) / 1000
local kept = redis.call('HMGET', KEYS[1], 'left', 'at')
local left = tonumber(kept[1] or per_minute)
local passed = math.max(0, now - tonumber(kept[2] or now))
left = math.min(per_minute, left + passed * per_minute / 60000)
local wait = 0
if left >= 1 then left = left - 1 else wait = math.ceil((1 - left) * 60000 / per_minute) end
redis.call('HSET', KEYS[1], 'left', tostring(left), 'at', string.format('%.0f', now))
redis.call('PEXPIRE', KEYS[1], 61000)
return {'ok', string.format('%.0f', wait)}
`,
)

/** Counts calls of each caller over all nodes, by the clock of Redis. */
export function createSharedRate({ link, keyOf, perMinute }: SharedRateOptions): SharedRate {
  return {
    async take(caller) {
      if (perMinute === 0) return 0
      const [, waitMs] = await link.run(TAKE, [keyOf(caller)], [String(perMinute)])
      return Number(waitMs)
    },
  }
}
