import { defineScript } from '../script.ts'

/**
 * The token that is part of every epoch, compared with the server it was drawn on: another server, or the same one after
 * a restart that may have lost its newest writes, gets a new one. KEYS: generation. ARGV: run id, replication id, home
 * (empty unless the server loses nothing when it restarts), new token. Answers the token and the server's time in ms.
 */
export const GENERATION = defineScript(
  'generation',
  'write',
  `
local kept = redis.call('HMGET', KEYS[1], 'run', 'replication', 'home', 'token')
local run, replication, home, token = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local is_same = kept[1] == run and kept[2] == replication
local lost_nothing = home ~= '' and kept[3] == home
if kept[4] and (is_same or lost_nothing) then token = kept[4] end
-- A home that was given up once, for a replica was seen, does not come back under the same token.
if kept[4] == token and kept[3] == '' then home = '' end
if not (is_same and kept[4] == token and kept[3] == home) then
  redis.call('HSET', KEYS[1], 'run', run, 'replication', replication, 'home', home, 'token', token)
end
local time = redis.call('TIME')
return {'ok', token, string.format('%.0f', tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000))}
`,
)
