import { defineScript } from '../script.ts'
import { LEASES, OPEN } from './session.ts'

const ANSWER = `
local function answer(run, lease)
  return {'ok', run, redis.call('HGET', state, 'r:' .. run), lease.phase, lease.fence, lease.ends, lease.owner}
end
`

/** The leased run of a session, if there is one. */
export const LEASED = defineScript(
  'leased',
  'read',
  `${OPEN}${LEASES}${ANSWER}
for _, run in ipairs(active_runs()) do
  local lease = lease_of(run)
  if lease and lease.phase == 'l' then return answer(run, lease) end
end
return {'ok'}
`,
)

/** ARGV: run. */
export const GET_RUN = defineScript(
  'get-run',
  'read',
  `${OPEN}${LEASES}${ANSWER}
local lease = lease_of(ARGV[1])
if not lease then return {'ok'} end
return answer(ARGV[1], lease)
`,
)

/** Runs that wait or work, six values each. */
export const ACTIVE_RUNS = defineScript(
  'active-runs',
  'read',
  `${OPEN}${LEASES}
local reply = {'ok'}
for _, run in ipairs(active_runs()) do
  local lease = lease_of(run)
  for _, value in ipairs({run, redis.call('HGET', state, 'r:' .. run), lease.phase, lease.fence, lease.ends, lease.owner}) do
    reply[#reply + 1] = value
  end
end
return reply
`,
)

/**
 * Gives the session's oldest queued run to an owner, unless one of its runs is leased. ARGV: owner, end of the lease,
 * latest time of the server for this.
 */
export const CLAIM = defineScript(
  'claim',
  'write',
  `${OPEN}${LEASES}${ANSWER}
local time = redis.call('TIME')
if tonumber(time[1]) * 1000 > tonumber(ARGV[3]) then return {'late'} end
local oldest, found = nil, nil
for _, run in ipairs(active_runs()) do
  local lease = lease_of(run)
  if lease.phase == 'l' then return {'busy', lease.ends} end
  if not oldest and lease.phase == 'q' then oldest, found = run, lease end
end
if not oldest then return {'none'} end
local lease = {phase = 'l', fence = text(tonumber(found.fence) + 1), ends = ARGV[2], owner = '+' .. ARGV[1]}
redis.call('HSET', state, 'l:' .. oldest, lease_text(lease.phase, lease.fence, lease.ends, lease.owner))
return answer(oldest, lease)
`,
)

/** ARGV: run, fence, end of the lease. */
export const RENEW = defineScript(
  'renew',
  'free',
  `${OPEN}${LEASES}${ANSWER}
local lease = lease_of(ARGV[1])
local why = refusal(lease, ARGV[2])
if why then return {'conflict', why} end
lease.ends = ARGV[3]
redis.call('HSET', state, 'l:' .. ARGV[1], lease_text('l', lease.fence, lease.ends, lease.owner))
return answer(ARGV[1], lease)
`,
)

/** ARGV: run, fence. The run is the session's first again. */
export const RELEASE = defineScript(
  'release',
  'free',
  `${OPEN}${LEASES}
local lease = lease_of(ARGV[1])
local why = refusal(lease, ARGV[2])
if why then return {'conflict', why} end
local runs = {ARGV[1]}
for _, run in ipairs(active_runs()) do
  if run ~= ARGV[1] then runs[#runs + 1] = run end
end
redis.call('HSET', state, 'q', table.concat(runs, ' '), 'l:' .. ARGV[1], lease_text('q', lease.fence, '0', '-'))
return {'ok'}
`,
)
