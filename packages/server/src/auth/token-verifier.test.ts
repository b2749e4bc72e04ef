import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SignJWT, exportJWK, exportSPKI, generateKeyPair, type JWTPayload } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createClaimsVerifier, identityOf } from './token-verifier.ts'

const SECRET = 'a secret for tests that is 32 bytes or more'
const NOW = 1_700_000_000
const options = { issuer: 'throughline', audience: 'throughline', now: () => NOW * 1_000 }
const verify = createClaimsVerifier({ ...options, keys: { kind: 'secret', secret: SECRET } })

interface Forged {
  readonly claims?: JWTPayload
  readonly secret?: string
}

/** A token of Ada's that is fine but for what is said. */
function forge({ claims = {}, secret = SECRET }: Forged = {}): Promise<string> {
  return new SignJWT({ sub: 'ada', iss: 'throughline', aud: 'throughline', exp: NOW + 60, ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(secret))
}

const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const invalid = { code: 'auth_error', status: 401, message: 'Sign in again.' }

describe('A9 a token under the secret', () => {
  test('names its user, login, scopes and times', async () => {
    const claims = { sid: 'login', scope: 'publish metrics', iat: NOW - 5, name: 'Ada' }
    expect(identityOf(await verify(await forge({ claims })))).toEqual({
      userId: 'ada',
      sid: 'login',
      scopes: new Set(['publish', 'metrics']),
      issuedAt: (NOW - 5) * 1_000,
      expiresAt: (NOW + 60) * 1_000,
      name: 'Ada',
      guest: false,
    })
  })

  test.each<[string, Forged]>([
    ['is expired', { claims: { exp: NOW } }],
    ['is not valid yet', { claims: { nbf: NOW + 1 } }],
    ['is for another audience', { claims: { aud: 'somebody else' } }],
    ['is for no audience', { claims: { aud: undefined } as unknown as JWTPayload }],
    ['is from another issuer', { claims: { iss: 'somebody else' } }],
    ['is from no issuer', { claims: { iss: undefined } as unknown as JWTPayload }],
    ['names nobody', { claims: { sub: undefined } as unknown as JWTPayload }],
    ['never ends', { claims: { exp: undefined } as unknown as JWTPayload }],
    ['is signed with another secret', { secret: 'another secret for tests, also long enough' }],
  ])('is refused when it %s', async (_, forged) => {
    await expect(forge(forged).then(verify)).rejects.toMatchObject(invalid)
  })

  test.each([
    ['alg none', `${base64({ alg: 'none' })}.${base64({ sub: 'ada', exp: NOW + 60 })}.`],
    ['alg None', `${base64({ alg: 'None' })}.${base64({ sub: 'ada', exp: NOW + 60 })}.`],
    ['no signature', `${base64({ alg: 'HS256' })}.${base64({ sub: 'ada', exp: NOW + 60 })}.`],
    ['two parts', `${base64({ alg: 'HS256' })}.${base64({ sub: 'ada' })}`],
    ['nonsense', 'nonsense'],
    ['nothing', ''],
  ])('is refused with %s', async (_, token) => {
    await expect(verify(token)).rejects.toMatchObject(invalid)
  })

  test('is refused unread when it is oversized', async () => {
    const token = await forge({ claims: { filler: 'x'.repeat(5_000) } })
    const error: unknown = await verify(token).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject(invalid)
    // Whatever reads a token leaves a cause behind.
    expect(error).toHaveProperty('cause.cause', undefined)
  })

  test('is refused when it is signed with another HMAC under the very same secret', async () => {
    const [, payload = ''] = (await forge()).split('.')
    const sign = (alg: string, hash: string): string => {
      const signed = `${base64({ alg })}.${payload}`
      return `${signed}.${createHmac(hash, SECRET).update(signed).digest('base64url')}`
    }
    expect(await verify(sign('HS256', 'sha256'))).toMatchObject({ sub: 'ada' })
    for (const size of ['384', '512']) {
      await expect(verify(sign(`HS${size}`, `sha${size}`))).rejects.toMatchObject(invalid)
    }
  })

  test('is refused when it has extensions that nobody knows', async () => {
    const [, payload = ''] = (await forge()).split('.')
    const signed = `${base64({ alg: 'HS256', crit: ['x'], x: 1 })}.${payload}`
    const signature = createHmac('sha256', SECRET).update(signed).digest('base64url')
    await expect(verify(`${signed}.${signature}`)).rejects.toMatchObject(invalid)
  })

  test('is refused when its payload was changed', async () => {
    const [header, , signature] = (await forge()).split('.')
    const payload = base64({ sub: 'eve', iss: 'throughline', aud: 'throughline', exp: NOW + 60 })
    await expect(verify(`${String(header)}.${payload}.${String(signature)}`)).rejects.toMatchObject(invalid)
  })

  test.each(['a b', 'über', '', 'x'.repeat(129), 'the server'])('names no user %j', async (sub) => {
    const claims = await verify(await forge({ claims: { sub } }))
    expect(() => identityOf(claims)).toThrow('Sign in again.')
  })

  test('ends some day, or is refused', async () => {
    const claims = await verify(await forge({ claims: { exp: 1e308 } }))
    expect(() => identityOf(claims)).toThrow('Sign in again.')
  })

  test('has a login id that can be compared, or is refused', () => {
    expect(() => identityOf({ sub: 'ada', exp: 1, sid: { $ne: '' } })).toThrow('Sign in again.')
  })
})

describe('A9 a token under keys from elsewhere', () => {
  const server = createServer((_, response) => {
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body)
  })
  let answer = { status: 200, body: '' }
  let keys: CryptoKeyPair
  let url: string

  beforeAll(async () => {
    keys = await generateKeyPair('RS256', { extractable: true })
    answer = {
      status: 200,
      body: JSON.stringify({ keys: [{ ...(await exportJWK(keys.publicKey)), kid: '1', alg: 'RS256' }] }),
    }
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/jwks.json`
  })
  afterAll(() => server.close())

  const sign = (claims: JWTPayload = {}): Promise<string> =>
    new SignJWT({ sub: 'ada', iss: 'throughline', aud: 'throughline', exp: NOW + 60, ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: '1' })
      .sign(keys.privateKey)
  const verifyRemote = (at = url) => createClaimsVerifier({ ...options, keys: { kind: 'jwks', url: at } })

  test('is accepted when one of them signed it', async () => {
    expect(await verifyRemote()(await sign())).toMatchObject({ sub: 'ada' })
    await expect(verifyRemote()(await sign({ aud: 'other' }))).rejects.toMatchObject(invalid)
  })

  test('is refused when the public key was taken for an HMAC secret', async () => {
    const forged = await new SignJWT({ sub: 'ada', iss: 'throughline', aud: 'throughline', exp: NOW + 60 })
      .setProtectedHeader({ alg: 'HS256', kid: '1' })
      .sign(new TextEncoder().encode(await exportSPKI(keys.publicKey)))
    await expect(verifyRemote()(forged)).rejects.toMatchObject(invalid)
  })

  test('is refused when an unknown key signed it', async () => {
    const other = await generateKeyPair('RS256')
    const token = await new SignJWT({ sub: 'ada', iss: 'throughline', aud: 'throughline', exp: NOW + 60 })
      .setProtectedHeader({ alg: 'RS256', kid: '2' })
      .sign(other.privateKey)
    await expect(verifyRemote()(token)).rejects.toMatchObject(invalid)
  })

  test('is neither good nor bad while the keys cannot be had', async () => {
    const token = await sign()
    const unavailable = { code: 'server_error', status: 503 }
    await expect(verifyRemote('http://127.0.0.1:1/jwks.json')(token)).rejects.toMatchObject(unavailable)
    const good = answer
    answer = { status: 500, body: '{}' }
    await expect(verifyRemote()(token)).rejects.toMatchObject(unavailable)
    answer = { status: 200, body: 'not json' }
    await expect(verifyRemote()(token)).rejects.toMatchObject(unavailable)
    answer = good
  })
})
