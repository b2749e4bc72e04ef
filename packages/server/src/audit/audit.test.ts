import { expect, test } from 'vitest'
import { createTestClock } from '../testing/clock.ts'
import { createAudit, type AuditRecord } from './audit.ts'

function recorder(perMinute?: number) {
  const clock = createTestClock()
  const lines: { level: string; fields: object }[] = []
  const level = (name: string) => (fields: object) => void lines.push({ level: name, fields })
  const logger = { info: level('info'), warn: level('warn'), error: level('error') }
  const audit = createAudit({ logger, now: clock.now, ...(perMinute !== undefined && { perMinute }) })
  return { audit, lines, clock }
}

test('what happens every day is told, what should not is a warning', () => {
  const { audit, lines } = recorder()
  audit.record({ event: 'signed_in', reason: 'guest', userId: 'ada', sid: 's', address: '1.2.3.4' })
  audit.record({ event: 'request_refused', reason: 'not_owner', userId: 'eve', status: 404 })
  expect(lines).toEqual([
    {
      level: 'info',
      fields: { audit: 'signed_in', reason: 'guest', userId: 'ada', sid: 's', address: '1.2.3.4' },
    },
    { level: 'warn', fields: { audit: 'request_refused', reason: 'not_owner', status: 404, userId: 'eve' } },
  ])
})

test('A7 a field that is none of a record is not written, and none is long', () => {
  const { audit, lines } = recorder()
  const record: AuditRecord & { token: string } = {
    event: 'signed_out',
    userId: 'u'.repeat(9_000),
    token: 'canary',
  }
  audit.record(record)
  expect(JSON.stringify(lines)).not.toContain('canary')
  expect(JSON.stringify(lines).length).toBeLessThan(300)
})

test('a flood of refusals is counted instead of written, and the count is told', async () => {
  const { audit, lines, clock } = recorder(3)
  for (let call = 0; call < 1_000; call++) audit.record({ event: 'request_refused', reason: 'origin' })
  expect(lines).toHaveLength(3)
  await clock.pass(60_000)
  audit.record({ event: 'signed_in', reason: 'guest' })
  expect(lines.slice(3).map(({ fields }) => fields)).toEqual([
    { audit: 'suppressed', count: 997 },
    { audit: 'signed_in', reason: 'guest' },
  ])
})
