import { defineScript } from '../script.ts'

/*
 * The queue over all sessions. KEYS: runs (by place), last place, leases (sessions by end of lease). It is an index: it
 * may name runs that are gone and leases that were renewed, never the other way round. A run is noted here before it is
 * appended, a session is marked here before its run is leased; who finds either asks the session itself.
 */

/** A place at the back of the queue. ARGV: member, most that may wait. Answers the server's time in ms. */
export const ENQUEUE = defineScript(
  'enqueue',
  'write',
  `
local time = redis.call('TIME')
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then return {'full'} end
local place = math.max(tonumber(redis.call('GET', KEYS[2]) or '0') + 1, tonumber(time[1]) * 1000000 + tonumber(time[2]))
redis.call('SET', KEYS[2], string.format('%.0f', place))
redis.call('ZADD', KEYS[1], 'NX', place, ARGV[1])
return {'ok', string.format('%.0f', tonumber(time[1]) * 1000)}
`,
)

/** A place in front of all. ARGV: member. */
export const TO_FRONT = defineScript(
  'to-front',
  'free',
  `
local front = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
local place = front[2] and tonumber(front[2]) - 1 or 0
redis.call('ZADD', KEYS[1], place, ARGV[1])
return {'ok'}
`,
)

/**
 * Marks the first session that seems free, and answers it with the server's time. ARGV: now, end of the mark, then
 * sessions to pass over.
 */
export const PICK = defineScript(
  'pick',
  'write',
  `
local now, passed = tonumber(ARGV[1]), {}
for at = 3, #ARGV do passed[ARGV[at]] = true end
local from = 0
while true do
  local members = redis.call('ZRANGE', KEYS[1], from, from + 199)
  for _, member in ipairs(members) do
    local session, run = string.match(member, '^(%S+) (%S+)$')
    if not passed[session] then
      passed[session] = true
      local ends = redis.call('ZSCORE', KEYS[3], session)
      if not ends or tonumber(ends) <= now then
        redis.call('ZADD', KEYS[3], ARGV[2], session)
        return {'ok', session, run, string.format('%.0f', tonumber(redis.call('TIME')[1]) * 1000)}
      end
    end
  end
  if #members < 200 then return {'none'} end
  from = from + 200
end
`,
)

/** The run is leased: it waits no longer. ARGV: member, session, end of its lease. */
export const TAKEN = defineScript(
  'taken',
  'write',
  `
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('ZADD', KEYS[3], ARGV[3], ARGV[2])
return {'ok'}
`,
)

/**
 * The session had nothing to claim: unless something happened to it since, its mark goes; and so does the run, when it
 * was noted so long ago that its append can no longer come. ARGV: member, session, the mark, age in µs.
 */
export const PASS = defineScript(
  'pass',
  'free',
  `
if redis.call('ZSCORE', KEYS[3], ARGV[2]) == ARGV[3] then redis.call('ZADD', KEYS[3], '-1', ARGV[2]) end
local time = redis.call('TIME')
local place = redis.call('ZSCORE', KEYS[1], ARGV[1])
if place and tonumber(place) < tonumber(time[1]) * 1000000 - tonumber(ARGV[4]) then redis.call('ZREM', KEYS[1], ARGV[1]) end
return {'ok'}
`,
)

/** Runs have ended. ARGV: session, runs. The session is to be looked at. */
export const ENDED = defineScript(
  'ended',
  'free',
  `
for at = 2, #ARGV do redis.call('ZREM', KEYS[1], ARGV[1] .. ' ' .. ARGV[at]) end
redis.call('ZADD', KEYS[3], 'XX', 'LT', '-1', ARGV[1])
return {'ok'}
`,
)

/** A lease may end earlier than was noted. ARGV: session, end. */
export const LOWER = defineScript(
  'lower',
  'free',
  `
redis.call('ZADD', KEYS[3], 'XX', 'LT', ARGV[2], ARGV[1])
return {'ok'}
`,
)

/** Sessions whose lease seems to have ended. ARGV: latest end, how many to pass over, how many. Session and end each. */
export const DUE = defineScript(
  'due',
  'read',
  `
local reply = {'ok'}
for _, value in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', ARGV[1], 'WITHSCORES', 'LIMIT', ARGV[2], ARGV[3])) do
  reply[#reply + 1] = value
end
return reply
`,
)

/** Corrects what is noted of a session, unless it has changed. ARGV: session, noted end, true end or \`free\`. */
export const CORRECT = defineScript(
  'correct',
  'free',
  `
if redis.call('ZSCORE', KEYS[3], ARGV[1]) ~= ARGV[2] then return {'ok'} end
if ARGV[3] == 'free' then
  redis.call('ZREM', KEYS[3], ARGV[1])
else
  redis.call('ZADD', KEYS[3], ARGV[3], ARGV[1])
end
return {'ok'}
`,
)
