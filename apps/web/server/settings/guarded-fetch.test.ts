import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { lookup } from 'node:dns'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createGuardedFetch } from './guarded-fetch.ts'
import { isPublicAddress } from './public-address.ts'
import { readProviderUrl } from './provider-url.ts'

let server: Server
let port = 0
let asked = 0

beforeAll(async () => {
  server = createServer((request, response) => {
    asked += 1
    if (request.url === '/redirect') response.writeHead(302, { location: 'http://169.254.169.254/' }).end()
    else {
      response.writeHead(200, { 'x-method': request.method ?? '' })
      request.pipe(response)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})
afterAll(() => server.close())

/** A resolver that says each name's addresses. */
const names = (book: Readonly<Record<string, readonly string[]>>) =>
  ((name: string, _options: object, callback: (error: Error | null, found: object) => void) => {
    callback(
      null,
      (book[name] ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )
  }) as unknown as typeof lookup

test.each([
  '127.0.0.1',
  '0.0.0.0',
  '10.1.2.3',
  '172.31.255.255',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::1',
  '::',
  '::ffff:127.0.0.1',
  '::ffff:8.8.8.8',
  '64:ff9b::7f00:1',
  'fe80::1',
  'fd00::1',
  '2002:7f00:1::',
  '2001:db8::1',
  'ff02::1',
  'localhost',
])('%s is not public', (address) => {
  expect(isPublicAddress(address)).toBe(false)
})

test.each(['8.8.8.8', '1.1.1.1', '172.32.0.1', '2606:4700::1111', '2a00:1450:4001::8a'])(
  '%s is public',
  (address) => {
    expect(isPublicAddress(address)).toBe(true)
  },
)

test('SSRF: a name that leads inside is not connected to, however it is written', async () => {
  const before = asked
  const inside = {
    'api.example.com': ['127.0.0.1'],
    'mixed.example.com': ['8.8.8.8', '127.0.0.1'],
    'none.example.com': [],
  }
  const fetch = createGuardedFetch({ lookup: names(inside) })
  for (const host of [
    ...Object.keys(inside),
    '127.0.0.1',
    '[::1]',
    '2130706433',
    '0x7f.1',
    '017700000001',
    '[::ffff:127.0.0.1]',
  ]) {
    await expect(fetch(`http://${host}:${String(port)}/`)).rejects.toThrow()
  }
  expect(asked).toBe(before)
})

test('what is allowed is fetched: method, headers, body, status; a redirect is an answer', async () => {
  const fetch = createGuardedFetch({
    isAllowed: (address) => address === '127.0.0.1',
    lookup: names({ 'api.example.com': ['127.0.0.1'] }),
  })
  const url = `http://api.example.com:${String(port)}`
  const answer = await fetch(`${url}/`, {
    method: 'POST',
    body: 'words',
    headers: { 'content-type': 'text/plain' },
  })
  expect([answer.status, answer.headers.get('x-method'), await answer.text()]).toEqual([200, 'POST', 'words'])
  const redirect = await fetch(`${url}/redirect`)
  expect(redirect.status).toBe(302)
  await expect(fetch(`${url}/`, { signal: AbortSignal.abort(new Error('stopped')) })).rejects.toThrow(
    'stopped',
  )
  await expect(fetch('http://api.example.com:1/')).rejects.toThrow('fetch failed')
})

test.each([
  'api.example.com/v1',
  'ftp://api.example.com',
  'http://api.example.com/v1',
  'https://user:pass@api.example.com/v1',
  'https://api.example.com/v1?key=1',
  'https://127.0.0.1/v1',
  'https://[::1]/v1',
  'https://2130706433/v1',
  'https://localhost./v1',
  'https://metadata.google.internal/v1',
  'https://printer/v1',
  `https://api.example.com/${'a'.repeat(1_100)}`,
])('no address for a provider: %s', (address) => {
  expect(() => readProviderUrl(address, { allowLocal: false })).toThrow()
})

test('addresses are kept in one form; local ones where the operator lets them', () => {
  expect(readProviderUrl(' https://API.example.com/v1/ ', { allowLocal: false })).toBe(
    'https://api.example.com/v1',
  )
  expect(readProviderUrl('http://127.0.0.1:11434/v1', { allowLocal: true })).toBe('http://127.0.0.1:11434/v1')
})
