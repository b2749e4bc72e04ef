import { defineScript } from '../script.ts'
import { OPEN } from './session.ts'

/** Fewer holes than these are not worth it. */
const LEAST_GONE = 32

/** Streams up to this are written anew in one step, which takes some milliseconds in which Redis does nothing else. */
const MOST_REWRITTEN = 5_000
const MOST_REWRITTEN_BYTES = 8 * 1_048_576

/**
 * ARGV: offsets, all of them before the head. Redis gives a part of a stream back only when nothing is left in it, and
 * what compaction leaves is spread thin: once as many are gone as are left, a stream that is not too large is written
 * anew, which costs each event once on average.
 */
export const COMPACT = defineScript(
  'compact',
  'free',
  `${OPEN}
for _, offset in ipairs(ARGV) do
  if tonumber(offset) >= head then return {'invalid'} end
end
local gone = tonumber(redis.call('HGET', state, 'g') or '0')
for _, offset in ipairs(ARGV) do gone = gone + redis.call('XDEL', log, offset .. '-0') end
local left = redis.call('XLEN', log)
if gone >= left and gone >= ${String(LEAST_GONE)} and left <= ${String(MOST_REWRITTEN)}
  and redis.call('MEMORY', 'USAGE', log) <= ${String(MOST_REWRITTEN_BYTES)} then
  -- Beside the old one first: where a slot is just moving, Redis refuses to make a key, and would take the events.
  local anew = log .. ':anew'
  for _, entry in ipairs(redis.call('XRANGE', log, '-', '+')) do
    redis.call('XADD', anew, entry[1], unpack(entry[2]))
  end
  redis.call('RENAME', anew, log)
  gone = 0
end
redis.call('HSET', state, 'g', text(gone))
return {'ok'}
`,
)

/** ARGV: the offset that becomes the first one. */
export const TRIM = defineScript(
  'trim',
  'free',
  `${OPEN}
local offset = tonumber(ARGV[1])
if offset <= first then return {'ok'} end
if offset > head then return {'invalid'} end
redis.call('XTRIM', log, 'MINID', '=', ARGV[1] .. '-0')
redis.call('HSET', state, 'f', ARGV[1])
return {'ok'}
`,
)

/** ARGV: life of the tombstone in ms. Answers the owner, then the runs that waited or worked. */
export const DELETE = defineScript(
  'delete',
  'free',
  `
local s = redis.call('HMGET', KEYS[1], 'b', 'u', 'x', 'q')
if not s[1] then
  if s[3] then return {'ok'} end
  return {'none'}
end
redis.call('HSET', KEYS[1], 'x', s[2])
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  if field ~= 'x' then redis.call('HDEL', KEYS[1], field) end
end
redis.call('PEXPIRE', KEYS[1], ARGV[1])
redis.call('DEL', KEYS[2], KEYS[3], KEYS[4])
local reply = {'ok', s[2]}
for run in string.gmatch(s[4] or '', '%S+') do reply[#reply + 1] = run end
return reply
`,
)

/**
 * The events are gone though the state says that there are some: another life of the stream begins, so that readers
 * reset. What spoke of the former one goes, too; runs keep their leases. ARGV: new base.
 */
export const RESTART = defineScript(
  'restart',
  'write',
  `
local s = redis.call('HMGET', KEYS[1], 'b', 'h')
if not s[1] or s[2] == '0' or redis.call('EXISTS', KEYS[2]) == 1 then return {'ok'} end
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  if string.sub(field, 1, 2) == 'p:' then redis.call('HDEL', KEYS[1], field) end
end
redis.call('DEL', KEYS[3])
redis.call('HSET', KEYS[1], 'b', ARGV[1], 'f', '1', 'h', '0')
return {'ok'}
`,
)
