import { defineScript } from '../script.ts'

const RECORD = `redis.call('HMGET', KEYS[1], 'u', 't', 'n', 'a', 'c', 'm', 'd')`

/** Creates the session and its stream, or answers what is there. ARGV: base of the epoch, then fields and values. */
export const CREATE_SESSION = defineScript(
  'create-session',
  'write',
  `
local s = redis.call('HMGET', KEYS[1], 'b', 'x')
if s[2] then return {'gone', s[2]} end
if not s[1] then
  -- What is left of a state that was lost belongs to nobody.
  redis.call('DEL', KEYS[2], KEYS[3], KEYS[4])
  redis.call('HSET', KEYS[1], 'b', ARGV[1], 'f', '1', 'h', '0', unpack(ARGV, 2))
end
return {'ok', unpack(${RECORD})}
`,
)

/** The record, \`gone\` with the owner of a deleted session, or \`none\`. */
export const GET_SESSION = defineScript(
  'get-session',
  'read',
  `
local s = redis.call('HMGET', KEYS[1], 'b', 'x')
if s[1] then return {'ok', unpack(${RECORD})} end
if s[2] then return {'gone', s[2]} end
return {'none'}
`,
)

/** ARGV: latest time of the server for this, then fields and values. */
export const UPDATE_SESSION = defineScript(
  'update-session',
  'write',
  `
local s = redis.call('HMGET', KEYS[1], 'b', 'x')
if not s[1] then
  if s[2] then return {'gone', s[2]} end
  return {'none'}
end
local time = redis.call('TIME')
if ARGV[1] ~= '' and tonumber(time[1]) * 1000 > tonumber(ARGV[1]) then return {'late'} end
if #ARGV > 1 then redis.call('HSET', KEYS[1], unpack(ARGV, 2)) end
return {'ok', unpack(${RECORD})}
`,
)

/** Notes a session in an ordered index. KEYS: index. ARGV: session, score. */
export const LIST = defineScript(
  'list',
  'write',
  `
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
return {'ok'}
`,
)

/** KEYS: index. ARGV: sessions that do not belong there. */
export const UNLIST = defineScript(
  'unlist',
  'free',
  `
redis.call('ZREM', KEYS[1], unpack(ARGV))
return {'ok'}
`,
)

/** A part of an index in order. ARGV: least score, how many to pass over, how many. Session and score each. */
export const LISTED = defineScript(
  'listed',
  'read',
  `
local reply = {'ok'}
for _, value in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], ARGV[1], '+inf', 'WITHSCORES', 'LIMIT', ARGV[2], ARGV[3])) do
  reply[#reply + 1] = value
end
return reply
`,
)

/** Notes a deletion before it happens. KEYS: deleted, noted-at. ARGV: session, time. Answers the server's time in ms. */
export const NOTE_DELETED = defineScript(
  'note-deleted',
  'write',
  `
local now = string.format('%.0f', tonumber(redis.call('TIME')[1]) * 1000)
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], now)
return {'ok', now}
`,
)

/** Forgets deletions that did not happen or were undone, when they were noted long enough ago. ARGV: age in ms, session. */
export const FORGET_DELETED = defineScript(
  'forget-deleted',
  'free',
  `
local now, noted = tonumber(redis.call('TIME')[1]) * 1000, redis.call('HGET', KEYS[2], ARGV[2])
if noted and now - tonumber(noted) < tonumber(ARGV[1]) then return {'ok'} end
redis.call('ZREM', KEYS[1], ARGV[2])
redis.call('HDEL', KEYS[2], ARGV[2])
return {'ok'}
`,
)
