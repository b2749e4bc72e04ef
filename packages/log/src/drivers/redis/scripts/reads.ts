import { defineScript } from '../script.ts'
import { OPEN } from './session.ts'

/** Base of the epoch, head and first offset. */
export const EXTENT = defineScript('extent', 'read', `${OPEN}return {'ok', base, text(head), text(first)}`)

/**
 * One page. ARGV: base that the reader's epoch must have, or `start`, or `none` for one that is no longer; offset; most
 * events; most bytes of bodies. Answers the extent, the offset stored before the page, then offset, type and body of
 * each event.
 */
export const READ = defineScript(
  'read',
  'read',
  `${OPEN}
local after = tonumber(ARGV[2])
if ARGV[1] == 'start' then after = first - 1 end
local reply = {'ok', base, text(head), text(first), text(first - 1)}
if ARGV[1] ~= 'start' and ARGV[1] ~= base then return reply end
if after >= head or after < first - 1 then return reply end

local before = redis.call('XREVRANGE', log, text(after) .. '-0', '-', 'COUNT', 1)
if before[1] then reply[5] = string.match(before[1][1], '^(%d+)') end

local left, bytes, at = tonumber(ARGV[3]), tonumber(ARGV[4]), after
while left > 0 do
  local page = redis.call('XRANGE', log, text(at + 1) .. '-0', '+', 'COUNT', math.min(left, 100))
  if #page == 0 then return reply end
  for _, entry in ipairs(page) do
    local body = entry[2][4]
    bytes = bytes - #body
    if bytes < 0 and #reply > 5 then return reply end
    local offset = string.match(entry[1], '^(%d+)')
    reply[#reply + 1] = offset
    reply[#reply + 1] = entry[2][2]
    reply[#reply + 1] = body
    at = tonumber(offset)
    left = left - 1
  end
end
return reply
`,
)

/** ARGV: producer. Answers base, number and offset of its last batch, or base alone. */
export const PRODUCER = defineScript(
  'producer',
  'read',
  `${OPEN}
local last = redis.call('HGET', state, 'p:' .. ARGV[1])
if not last then return {'ok', base} end
local seq, at = string.match(last, '^(%d+) (%d+)$')
return {'ok', base, seq, at}
`,
)

/** Answers base, then offset, reducer version and state, or base alone. */
export const LOAD_SNAPSHOT = defineScript(
  'load-snapshot',
  'read',
  `${OPEN}
local kept = redis.call('HMGET', KEYS[3], 'o', 'v', 's')
if not kept[3] then return {'ok', base} end
return {'ok', base, kept[1], kept[2], kept[3]}
`,
)

const IS_KEPT = `
if ARGV[1] ~= base or tonumber(ARGV[2]) > head then return {'conflict', 'snapshot'} end
local kept = redis.call('HMGET', KEYS[3], 'o', 'v')
local version = tonumber(ARGV[3])
if kept[1] then
  local kept_version = tonumber(kept[2])
  if kept_version > version then return {'ok', 'kept'} end
  if kept_version == version and tonumber(kept[1]) + tonumber(ARGV[4]) > tonumber(ARGV[2]) then return {'ok', 'kept'} end
end
`

/** ARGV: base of its epoch, offset, reducer version, how far apart. Answers `kept` when what is there is worth more. */
export const WANT_SNAPSHOT = defineScript('want-snapshot', 'read', `${OPEN}${IS_KEPT}return {'ok'}`)

/** ARGV: the same, then the state. Kept unless what is there is worth more. */
export const SAVE_SNAPSHOT = defineScript(
  'save-snapshot',
  'write',
  `${OPEN}${IS_KEPT}
redis.call('HSET', KEYS[3], 'o', ARGV[2], 'v', ARGV[3], 's', ARGV[5])
return {'ok'}
`,
)
