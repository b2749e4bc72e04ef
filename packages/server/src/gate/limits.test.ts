import { describe, expect, test } from 'vitest'
import { createTestClock } from '../testing/clock.ts'
import { addressKey, isLoopbackAddress } from './address-key.ts'
import { createConnectionLimits } from './connection-limits.ts'
import { createRateLimit } from './rate-limit.ts'

describe('the rate limit', () => {
  test('lets a burst of a minute through, then one at a time as it refills', async () => {
    const clock = createTestClock()
    const limit = createRateLimit({ perMinute: 3, now: clock.now })
    expect([1, 2, 3].map(() => limit.take('ada'))).toEqual([0, 0, 0])
    expect(limit.take('ada')).toBe(20_000)
    expect(limit.take('bob')).toBe(0)
    await clock.pass(19_999)
    expect(limit.take('ada')).toBe(1)
    await clock.pass(1)
    expect(limit.take('ada')).toBe(0)
  })

  test('lets more through at once than in a minute, where that is given', async () => {
    const clock = createTestClock()
    const limit = createRateLimit({ perMinute: 0.5, burst: 2, now: clock.now })
    expect([1, 2, 3].map(() => limit.take('ada'))).toEqual([0, 0, 120_000])
    await clock.pass(120_000)
    expect(limit.take('ada')).toBe(0)
    await clock.pass(3_600_000)
    expect([1, 2, 3].map(() => limit.take('ada') > 0)).toEqual([false, false, true])
  })

  test('remembers a bounded number of callers', () => {
    const limit = createRateLimit({ perMinute: 1, now: () => 0, size: 2 })
    for (const caller of ['a', 'b', 'c']) expect(limit.take(caller)).toBe(0)
    expect(limit.take('c')).toBeGreaterThan(0)
    expect(limit.take('a')).toBe(0)
  })

  test('is off at 0', () => {
    const limit = createRateLimit({ perMinute: 0 })
    for (let call = 0; call < 1_000; call++) expect(limit.take('ada')).toBe(0)
  })
})

describe('the connection limits', () => {
  test('refuse the new one and take it once an old one has gone', () => {
    const limits = createConnectionLimits({ total: 4, perUser: 2, perAddress: 3 })
    const places = ['1.1.1.1', '2.2.2.2'].map((address) => limits.take({ userId: 'ada', address }))
    expect(limits.take({ userId: 'ada', address: '3.3.3.3' })).toBeUndefined()
    expect(limits.take({ userId: 'bob', address: '3.3.3.3' })).toBeDefined()
    places[0]?.()
    places[0]?.()
    expect(limits.count()).toBe(2)
    expect(limits.take({ userId: 'ada', address: '3.3.3.3' })).toBeDefined()
    expect(limits.take({ userId: 'ada', address: '3.3.3.3' })).toBeUndefined()
    expect(limits.take({ userId: 'eve', address: '3.3.3.3' })).toBeDefined()
    expect(limits.take({ userId: 'joe', address: '4.4.4.4' })).toBeUndefined()
    expect(limits.count()).toBe(4)
  })

  test('count workers in all only', () => {
    const limits = createConnectionLimits({ total: 3, perUser: 1, perAddress: 1 })
    expect([1, 2, 3, 4].map(() => limits.take({}) !== undefined)).toEqual([true, true, true, false])
  })
})

test.each([
  ['::ffff:10.0.0.1', '10.0.0.1'],
  ['10.0.0.1', '10.0.0.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
  ['2001:0db8:0001:0002::', '2001:db8:1:2::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
])('the address %s counts as %s', (address, key) => {
  expect(addressKey(address)).toBe(key)
})

test('loopback is 127.0.0.0/8 and ::1', () => {
  expect(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'].every(isLoopbackAddress)).toBe(true)
  expect(['10.0.0.1', '::2', '::', '1127.0.0.1'].some(isLoopbackAddress)).toBe(false)
})
