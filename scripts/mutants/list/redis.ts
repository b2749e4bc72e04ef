import { inFolder } from '../mutant.ts'

/** Breaks of the Redis driver: each a guarantee that a script or the link holds. */
export const redisMutants = inFolder('packages/log/src/drivers', [
  {
    name: 'redis-fence-not-checked',
    fault: 'C7',
    file: 'redis/scripts/session.ts',
    find: "if lease.phase ~= 'l' or lease.fence ~= fence then return 'other-owner' end",
    replace: '',
    tests: ['redis.test.ts'],
  },
  {
    name: 'redis-no-producer-dedupe',
    fault: 'L7',
    file: 'redis/scripts/append.ts',
    find: "if change.through <= seq then return {'repeated', base, at} end",
    replace: '',
    tests: ['redis.test.ts'],
  },
  {
    name: 'redis-reaper-overtakes-renewal',
    fault: 'L3',
    file: 'redis/scripts/append.ts',
    find: "if change.expiredBy and tonumber(fenced.ends) > change.expiredBy then return {'conflict', 'renewed'} end",
    replace: '',
    tests: ['redis.test.ts'],
  },
  {
    name: 'redis-generation-kept-by-another-server',
    fault: 'E2',
    file: 'redis/scripts/generation.ts',
    find: 'if kept[4] and (is_same or lost_nothing) then token = kept[4] end',
    replace: 'if kept[4] then token = kept[4] end',
    tests: ['redis/epochs.test.ts'],
  },
  {
    name: 'redis-lost-events-not-noticed',
    fault: 'E1',
    file: 'redis/scripts/session.ts',
    find: "if head > 0 and redis.call('EXISTS', log) == 0 then return {'lost'} end",
    replace: '',
    tests: ['redis/epochs.test.ts'],
  },
  {
    name: 'redis-script-runs-into-full-memory',
    fault: 'E8',
    file: 'redis/script.ts',
    find: "write: '#!lua',",
    replace: "write: '#!lua flags=allow-oom',",
    tests: ['redis/faults.test.ts'],
  },
  {
    name: 'redis-hang-waits-for-ever',
    fault: 'E5',
    file: 'redis/link.ts',
    find: 'if (pending.size > 0 && performance.now() - answeredAt > timeoutMs) {',
    replace: 'if (pending.size < 0) {',
    tests: ['redis/faults.test.ts'],
  },
])
