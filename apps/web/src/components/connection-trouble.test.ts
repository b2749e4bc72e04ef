import type { ConnectionView } from '@throughline/client'
import { expect, test } from 'vitest'
import { troubleOf } from './connection-trouble.ts'

const calm: ConnectionView = {
  status: 'open',
  phase: 'live',
  attempt: 0,
  retryAt: null,
  error: null,
  code: null,
  reasons: [],
  since: 0,
  transport: 'sse',
  role: 'solo',
}

test.each([
  [{}, undefined],
  [{ status: 'idle' }, undefined],
  [{ status: 'resyncing' }, undefined],
  [{ status: 'paused', reasons: ['hidden'] }, undefined],
  [{ status: 'connecting' }, 'connecting'],
  [{ status: 'connecting', attempt: 2 }, 'reconnecting'],
  [{ status: 'waiting', attempt: 1, retryAt: 1 }, 'reconnecting'],
  [{ status: 'offline' }, 'offline'],
  [{ transport: 'polling' }, 'polling'],
  [{ status: 'failed', code: 'auth_error' }, 'signed_out'],
  [{ status: 'paused', reasons: ['auth'] }, 'signed_out'],
  [{ status: 'paused', reasons: ['tabs'] }, 'other_tab'],
  [{ status: 'failed', code: 'max_reconnect_reached' }, 'failed'],
] as const)('a connection that is %j is told as %s', (change, trouble) => {
  expect(troubleOf({ ...calm, ...change })).toBe(trouble)
})
