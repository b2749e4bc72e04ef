import { defineScript, type RedisLink } from '@throughline/log/redis'
import type { RateLimit } from '../../gate/rate-limit.ts'

export interface SharedRateOptions {
  readonly link: Pick<RedisLink, 'run'>
  readonly keyOf: (caller: string) => string
  /** Calls a minute in the long run; 0 = unlimited. */
  readonly perMinute: number
  /** How many may come at once. Default: those of a minute. */
  readonly burst?: number | undefined
}

export interface SharedRate extends RateLimit {
  /** @throws StreamError 503 when Redis cannot be reached */
  take(caller: string): Promise<number>
}

/** A bucket that refills evenly, gone once it is full again. ARGV: calls a minute, calls at once. Answers the wait in ms. */
const TAKE = defineScript(
  'take-call',
  'write',
  `
local per_minute = tonumber(ARGV[1])
local burst = tonumber(ARGV[2])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + tonumber(time[2]) / 1000
local kept = redis.call('HMGET', KEYS[1], 'left', 'at')
local left = tonumber(kept[1] or burst)
local passed = math.max(0, now - tonumber(kept[2] or now))
left = math.min(burst, left + passed * per_minute / 60000)
local wait = 0
if left >= 1 then left = left - 1 else wait = math.ceil((1 - left) * 60000 / per_minute) end
redis.call('HSET', KEYS[1], 'left', tostring(left), 'at', string.format('%.0f', now))
redis.call('PEXPIRE', KEYS[1], math.ceil(burst * 60000 / per_minute) + 1000)
return {'ok', string.format('%.0f', wait)}
`,
)

/** Counts calls of each caller over all nodes, by the clock of Redis. */
export function createSharedRate(options: SharedRateOptions): SharedRate {
  const { link, keyOf, perMinute, burst = perMinute } = options
  return {
    async take(caller) {
      if (perMinute === 0) return 0
      const [, waitMs] = await link.run(TAKE, [keyOf(caller)], [String(perMinute), String(burst)])
      return Number(waitMs)
    },
  }
}
