/**
 * Begins every script of a session. KEYS: state, log, snapshot, ages. Answers `gone` with the owner for a deleted
 * session, `none` for one that never was, `lost` when the events are gone though the state says that there are some.
 */
export const OPEN = `
local state, log = KEYS[1], KEYS[2]
local s = redis.call('HMGET', state, 'b', 'f', 'h', 'u', 'x')
if not s[1] then
  if s[5] then return {'gone', s[5]} end
  return {'none'}
end
local base, first, head = s[1], tonumber(s[2]), tonumber(s[3])
if head > 0 and redis.call('EXISTS', log) == 0 then return {'lost'} end

local function text(number)
  return string.format('%.0f', number)
end
`

/** A run's lease is kept as text: phase (q, l, e), fence, end, and the owner after a plus, or a minus for none. */
export const LEASES = `
local function lease_of(run)
  local kept = redis.call('HGET', state, 'l:' .. run)
  if not kept then return nil end
  local phase, fence, ends, owner = string.match(kept, '^(%a) (%d+) (%S+) (.*)$')
  return {phase = phase, fence = fence, ends = ends, owner = owner}
end

local function lease_text(phase, fence, ends, owner)
  return phase .. ' ' .. fence .. ' ' .. ends .. ' ' .. owner
end

-- Why a fence proves nothing, or nil.
local function refusal(lease, fence)
  if not lease then return 'no-run' end
  if lease.phase == 'e' then return 'run-ended' end
  if lease.phase ~= 'l' or lease.fence ~= fence then return 'other-owner' end
  return nil
end

local function active_runs()
  local runs = {}
  for run in string.gmatch(redis.call('HGET', state, 'q') or '', '%S+') do runs[#runs + 1] = run end
  return runs
end
`
