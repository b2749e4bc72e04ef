import { describe, expect, test } from 'vitest'
import { createOriginPolicy, type OriginPolicyOptions, type Source } from './origin-policy.ts'

function judge(
  headers: Readonly<Record<string, string>>,
  { protocol = 'http', ...options }: OriginPolicyOptions & { protocol?: 'http' | 'https' } = {},
): Source {
  return createOriginPolicy(options)({
    method: 'GET',
    url: '/api/sse',
    protocol,
    remoteAddress: '127.0.0.1',
    header: (name) => headers[name],
    bytes: async () => new Uint8Array(),
    body: {
      [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve({ done: true, value: undefined }) }),
    },
    signal: new AbortController().signal,
  })
}

const LOCAL = { host: 'localhost:3000' }
const refused = (because: 'host' | 'origin') => ({ ok: false, because })

describe('A5 the Host header', () => {
  test.each(['localhost:3000', 'LOCALHOST', '127.0.0.1:9', '[::1]:4000'])('lets %s in', (host) => {
    expect(judge({ host })).toMatchObject({ ok: true })
  })

  test.each([
    'evil.example',
    'localhost.evil.example',
    'localhost.',
    'localhost:3000.evil.example',
    'evil.example@localhost',
    'localhost/evil',
    '127.0.0.1.nip.io',
    '127.0.0.2',
    '2130706433',
    '[::ffff:127.0.0.1]',
    '',
  ])('refuses %j, whatever the origin says', (host) => {
    expect(judge({ host, origin: `http://${host}` })).toEqual(refused('host'))
  })

  test('refuses a request without one', () => {
    expect(judge({ origin: 'http://localhost:3000' })).toEqual(refused('host'))
  })

  test('lets configured names in, with their port or on any port', () => {
    const options = { allowHosts: ['hub.internal', '10.0.0.5:4000'] }
    expect(judge({ host: 'hub.internal:8443' }, options)).toMatchObject({ ok: true })
    expect(judge({ host: '10.0.0.5:4000' }, options)).toMatchObject({ ok: true })
    expect(judge({ host: '10.0.0.5:4001' }, options)).toEqual(refused('host'))
  })
})

describe('A4 the Origin header', () => {
  const allowed = { allowOrigins: ['https://app.example.com'], allowHosts: ['hub.example.com'] }
  const from = (origin: string) =>
    judge({ host: 'hub.example.com', origin }, { ...allowed, protocol: 'https' })

  test('lets a member of the list and the own origin in, and reflects them', () => {
    const member = { ok: true, origin: 'https://app.example.com', cookies: true }
    expect(from('https://app.example.com')).toEqual(member)
    expect(from('https://hub.example.com')).toMatchObject({ ok: true, origin: 'https://hub.example.com' })
  })

  test.each([
    'null',
    'https://app.example.com.evil.net',
    'https://evil-app.example.com',
    'https://evil.net/https://app.example.com',
    'https://sub.app.example.com',
    'https://APP.example.com',
    'https://app.example.com:8443',
    'https://app.example.com:443',
    'https://app.example.com.',
    'https://app.example.com/',
    'http://app.example.com',
    'http://hub.example.com',
    'https://hub.example.com:8443',
    'https://app.example.com https://evil.net',
    '*',
    '',
  ])('refuses %j', (origin) => {
    expect(from(origin)).toEqual(refused('origin'))
  })

  test('refuses null even when somebody listed it', () => {
    const listed = judge({ ...LOCAL, origin: 'null' }, { allowOrigins: ['null'] })
    expect(listed).toEqual(refused('origin'))
  })

  test('refuses another page of this machine: a port is part of an origin', () => {
    expect(judge({ ...LOCAL, origin: 'http://localhost:5173' })).toEqual(refused('origin'))
    expect(judge({ ...LOCAL, origin: 'http://127.0.0.1:3000' })).toEqual(refused('origin'))
    expect(judge({ ...LOCAL, origin: 'http://localhost:3000' })).toMatchObject({ ok: true })
  })

  test('with a public origin, only that and loopback are own', () => {
    const options = { publicOrigin: 'https://app.example.com', allowHosts: ['10.0.0.5'] }
    const host = 'app.example.com'
    expect(judge({ host, origin: 'https://app.example.com' }, options)).toMatchObject({ ok: true })
    // The proxy is not trusted, so the request looks like http; the page of http is not ours all the same.
    expect(judge({ host, origin: 'http://app.example.com' }, options)).toEqual(refused('origin'))
    expect(judge({ host: '10.0.0.5', origin: 'http://10.0.0.5' }, options)).toEqual(refused('origin'))
    expect(judge({ ...LOCAL, origin: 'http://localhost:3000' }, options)).toMatchObject({ ok: true })
  })
})

describe('without an Origin', () => {
  test.each(['cross-site', 'same-site', 'none', 'Same-Origin', ''])('refuses Sec-Fetch-Site: %j', (site) => {
    expect(judge({ ...LOCAL, 'sec-fetch-site': site, 'x-throughline': '1' })).toEqual(refused('origin'))
  })

  test('takes cookies of the own pages, which send no Origin with a GET', () => {
    expect(judge({ ...LOCAL, 'sec-fetch-site': 'same-origin' })).toEqual({ ok: true, cookies: true })
  })

  test('with neither header, takes cookies only with the header that no foreign page can send', () => {
    expect(judge(LOCAL)).toEqual({ ok: true, cookies: false })
    expect(judge({ ...LOCAL, 'x-throughline': 'true' })).toEqual({ ok: true, cookies: false })
    expect(judge({ ...LOCAL, 'x-throughline': '1' })).toEqual({ ok: true, cookies: true })
  })
})
