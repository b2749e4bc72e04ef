import { describe, expect, test } from 'vitest'
import { authCookie, readCookie, refreshCookie } from './cookies.ts'
import type { Identity } from './identity.ts'
import { createRevocations } from './revocations.ts'
import { createTokenCache } from './token-cache.ts'

const identity = (expiresAt: number, more: Partial<Identity> = {}): Identity => ({
  userId: 'ada',
  scopes: new Set(),
  expiresAt,
  guest: false,
  ...more,
})

describe('the cookies of a login', () => {
  test('over http have plain names', () => {
    expect(authCookie({ value: 'a.b.c', maxAgeMs: 900_500, protocol: 'http' })).toBe(
      'auth_token=a.b.c; Path=/; Max-Age=900; HttpOnly; SameSite=Lax',
    )
    expect(refreshCookie({ value: 'a.b.c', maxAgeMs: 0, protocol: 'http' })).toBe(
      'refresh_token=a.b.c; Path=/api/auth; Max-Age=0; HttpOnly; SameSite=Lax',
    )
  })

  test('over TLS have names that plain http cannot plant', () => {
    expect(authCookie({ value: 'a', maxAgeMs: 1_000, protocol: 'https' })).toBe(
      '__Host-auth_token=a; Path=/; Max-Age=1; HttpOnly; SameSite=Lax; Secure',
    )
    expect(refreshCookie({ value: 'a', maxAgeMs: 1_000, protocol: 'https' })).toBe(
      '__Host-refresh_token=a; Path=/; Max-Age=1; HttpOnly; SameSite=Lax; Secure',
    )
  })

  test('are read by their whole name, the first one', () => {
    const header = 'xauth_token=1; auth_token = 2 ;auth_token=3; junk; auth_token2=4'
    expect(readCookie(header, 'auth_token')).toBe('2')
    expect(readCookie(header, 'junk')).toBeUndefined()
    expect(readCookie(undefined, 'auth_token')).toBeUndefined()
    expect(readCookie('a=b=c', 'a')).toBe('b=c')
  })
})

describe('the token cache', () => {
  test('forgets the token used longest ago, and each at its end', () => {
    let now = 0
    const cache = createTokenCache(2, () => now)
    cache.set('a', identity(100))
    cache.set('b', identity(50))
    expect(cache.get('a')).toBeDefined()
    cache.set('c', identity(100))
    expect(cache.get('b')).toBeUndefined()
    expect(cache.get('a')).toBeDefined()
    now = 100
    expect(cache.get('a')).toBeUndefined()
    now = 0
    expect(cache.get('a')).toBeUndefined()
  })
})

describe('the revocations', () => {
  test('tell logins and users apart', () => {
    const revocations = createRevocations({ now: () => 10, keepMs: 100 })
    revocations.add({ userId: 'ada', sid: 's', at: 5 })
    expect(revocations.has(identity(99, { sid: 's' }))).toBe(true)
    expect(revocations.has(identity(99, { sid: 't' }))).toBe(false)
    expect(revocations.has(identity(99, { userId: 'ada s', sid: '' }))).toBe(false)
    expect(revocations.has(identity(99, { userId: 'bob', sid: 's' }))).toBe(false)
  })

  test('of a user meet tokens issued before, and those that do not tell', () => {
    const revocations = createRevocations({ now: () => 10, keepMs: 100 })
    revocations.add({ userId: 'ada', at: 5 })
    revocations.add({ userId: 'ada', at: 3 })
    expect(revocations.has(identity(99, { issuedAt: 5 }))).toBe(true)
    expect(revocations.has(identity(99, { issuedAt: 6 }))).toBe(false)
    expect(revocations.has(identity(99))).toBe(true)
  })

  test('are bounded in time and number', () => {
    let now = 0
    const revocations = createRevocations({ now: () => now, keepMs: 100, size: 2 })
    for (const sid of ['a', 'b', 'c']) revocations.add({ userId: 'ada', sid, at: now })
    const held = (): boolean[] => ['a', 'b', 'c'].map((sid) => revocations.has(identity(999, { sid })))
    expect(held()).toEqual([false, true, true])
    now = 101
    revocations.add({ userId: 'ada', sid: 'd', at: now })
    expect(held()).toEqual([false, false, false])
  })
})
