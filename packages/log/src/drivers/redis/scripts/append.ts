import { defineScript } from '../script.ts'
import { LEASES, OPEN } from './session.ts'

/**
 * One append. ARGV: 1 what changes beside the events (JSON, or empty), 2 channel, 3 and 4 the hint before and after the
 * place, then type and body of each event. Everything is judged before anything is changed.
 */
export const APPEND = defineScript(
  'append',
  'write',
  `${OPEN}${LEASES}
local change = false
if ARGV[1] ~= '' then change = cjson.decode(ARGV[1]) end
local sets, now = {}, 0
local function set(field, value)
  sets[#sets + 1] = field
  sets[#sets + 1] = value
end
local count = (#ARGV - 4) / 2
local new_head = head + count
local was_lowered, used = '0', {}

if change then
  local time = redis.call('TIME')
  now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
  if change.notAfter and now > change.notAfter then return {'late'} end

  if change.producer then
    local seq, at = 0, text(head)
    local last = redis.call('HGET', state, 'p:' .. change.producer)
    if last then
      local kept_seq, kept_at = string.match(last, '^(%d+) (%d+)$')
      seq, at = tonumber(kept_seq), kept_at
    end
    if change.seq > seq + 1 then return {'gap', text(seq + 1)} end
    if change.through <= seq then return {'repeated', base, at} end
    if change.seq <= seq then return {'overlap', text(seq + 1)} end
    set('p:' .. change.producer, text(change.through) .. ' ' .. text(new_head))
    used[#used + 1] = 'p:' .. change.producer
  end

  local fenced = nil
  if change.fenceRun then
    fenced = lease_of(change.fenceRun)
    local why = refusal(fenced, change.fence)
    if why then return {'conflict', why} end
    if change.expiredBy and tonumber(fenced.ends) > change.expiredBy then return {'conflict', 'renewed'} end
    if change.renewTo and change.endRun ~= change.fenceRun then
      if change.renewTo < tonumber(fenced.ends) then was_lowered = '1' end
      set('l:' .. change.fenceRun, lease_text('l', fenced.fence, text(change.renewTo), fenced.owner))
    end
  end

  local runs = false
  if change.endRun then
    local lease = lease_of(change.endRun)
    if not lease then return {'conflict', 'no-run'} end
    if lease.phase == 'e' then return {'conflict', 'run-ended'} end
    set('l:' .. change.endRun, lease_text('e', lease.fence, '0', lease.owner))
    used[#used + 1] = 'r:' .. change.endRun
    runs = {}
    for _, run in ipairs(active_runs()) do
      if run ~= change.endRun then runs[#runs + 1] = run end
    end
  end
  if change.enqueue then
    if lease_of(change.enqueue) then return {'conflict', 'run-exists'} end
    set('r:' .. change.enqueue, change.run)
    set('l:' .. change.enqueue, lease_text('q', '0', '0', '-'))
    runs = runs or active_runs()
    runs[#runs + 1] = change.enqueue
  end
  if runs then set('q', table.concat(runs, ' ')) end
  if change.session then
    for _, value in ipairs(change.session) do sets[#sets + 1] = value end
  end
end

for at = 1, count do
  redis.call('XADD', log, text(head + at) .. '-0', 't', ARGV[3 + 2 * at], 'b', ARGV[4 + 2 * at])
end
if count > 0 then set('h', text(new_head)) end
if #sets > 0 then redis.call('HSET', state, unpack(sets)) end

if #used > 0 then
  for _, name in ipairs(used) do redis.call('ZADD', KEYS[4], now, name) end
  -- A few at a time: as many as are added, and one more.
  local old = redis.call('ZRANGEBYSCORE', KEYS[4], '-inf', now - change.keepMs, 'LIMIT', 0, #used + 1)
  for _, name in ipairs(old) do
    redis.call('ZREM', KEYS[4], name)
    redis.call('HDEL', state, name)
    if string.sub(name, 1, 2) == 'r:' then redis.call('HDEL', state, 'l:' .. string.sub(name, 3)) end
  end
end

if count > 0 and ARGV[2] ~= '' then
  redis.call('PUBLISH', ARGV[2], ARGV[3] .. base .. ' ' .. text(new_head) .. ARGV[4])
end
return {'ok', base, text(new_head), s[4], was_lowered}
`,
)
