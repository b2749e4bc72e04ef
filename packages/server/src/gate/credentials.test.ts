import { expect, test } from 'vitest'
import type { GatewayRequest } from '../gateway/exchange.ts'
import { readCredentials } from './credentials.ts'

function read(
  headers: Readonly<Record<string, string>>,
  { protocol = 'http', cookies = true }: { protocol?: GatewayRequest['protocol']; cookies?: boolean } = {},
) {
  const request: GatewayRequest = {
    method: 'GET',
    url: '/',
    protocol,
    remoteAddress: '',
    header: (name) => headers[name],
    body: (async function* () {})(),
    bytes: async () => new Uint8Array(),
    signal: new AbortController().signal,
  }
  return readCredentials(request, { ok: true, cookies })
}

test('a bearer wins over a cookie', () => {
  const both = { authorization: 'Bearer aa.bb.cc', cookie: 'auth_token=xx.yy.zz' }
  expect(read(both)).toEqual({ token: 'aa.bb.cc', by: 'bearer' })
  expect(read({ authorization: 'bearer   aa.bb.cc ' })).toEqual({ token: 'aa.bb.cc', by: 'bearer' })
})

test('another scheme is no bearer, and a cookie beside it still counts', () => {
  const proxied = { authorization: 'Basic dTpw', cookie: 'a=1; auth_token=xx.yy.zz; b=2' }
  expect(read(proxied)).toEqual({ token: 'xx.yy.zz', by: 'cookie' })
})

test('a cookie counts only where the source lets it', () => {
  expect(read({ cookie: 'auth_token=xx.yy.zz' }, { cookies: false })).toBeUndefined()
  expect(read({ cookie: 'my_auth_token=xx; auth_token=' })).toBeUndefined()
})

test('over TLS only the prefixed cookie counts, over http only the plain one', () => {
  const cookie = 'auth_token=planted; __Host-auth_token=own'
  expect(read({ cookie }, { protocol: 'https' })?.token).toBe('own')
  expect(read({ cookie: 'auth_token=planted' }, { protocol: 'https' })).toBeUndefined()
  expect(read({ cookie })?.token).toBe('planted')
})
