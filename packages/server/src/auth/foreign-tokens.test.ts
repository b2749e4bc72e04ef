import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SignJWT, exportJWK, generateKeyPair, type CryptoKey } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startService, type TestService } from '../testing/service.ts'

let hub: TestService
let issuer: ReturnType<typeof createServer>
let key: CryptoKey

beforeAll(async () => {
  const pair: { publicKey: CryptoKey; privateKey: CryptoKey } = await generateKeyPair('ES256')
  key = pair.privateKey
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'theirs' }] })
  issuer = createServer((_, response) => response.end(keys))
  await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${String((issuer.address() as AddressInfo).port)}/keys`
  hub = await startService({
    env: { JWT_ISSUER: 'https://login.example.com', JWT_AUDIENCE: 'chat' },
    config: { keys: { kind: 'jwks', url } },
  })
})
afterAll(async () => {
  await hub.close()
  issuer.close()
})

const nowS = () => Date.now() / 1_000

/** A token of the other system; `undefined` leaves a claim out. */
const sign = (claims: Record<string, unknown> = {}): Promise<string> => {
  const standard = { sub: 'ada', iss: 'https://login.example.com', aud: 'chat', exp: nowS() + 60 }
  return new SignJWT({ ...standard, ...claims }).setProtectedHeader({ alg: 'ES256', kid: 'theirs' }).sign(key)
}
const call = (token: string, method: string, path: string, body?: unknown) =>
  hub.call(method, path, {
    as: null,
    headers: { authorization: `Bearer ${token}` },
    ...(body !== undefined && { body }),
  })
const statusOf = async (claims?: Record<string, unknown>) =>
  (await call(await sign(claims), 'GET', '/api/auth/me')).status

test('a token minted elsewhere is its user here, with the scopes it names, and nothing is minted here', async () => {
  const me = await call(await sign({ name: 'Ada' }), 'GET', '/api/auth/me')
  expect([me.status, me.json]).toMatchObject([200, { userId: 'ada', name: 'Ada', guest: false }])
  expect((await call(await sign(), 'PUT', '/api/sessions/theirs')).status).toBe(201)
  expect((await call(await sign({ sub: 'eve' }), 'GET', '/api/sessions/theirs')).status).toBe(404)
  expect((await call(await sign(), 'POST', '/api/runs/claim', {})).status).toBe(403)
  const worker = await sign({ sub: 'worker', scope: 'openid publish' })
  expect((await call(worker, 'GET', '/api/sessions/theirs/updates')).status).toBe(200)
  for (const path of ['/api/auth/guest', '/api/auth/refresh']) {
    expect((await call(await sign(), 'POST', path)).status).toBe(404)
  }
})

test('it needs a user and an end, the issuer and the audience, and clocks that agree within seconds', async () => {
  for (const claims of [
    { sub: undefined },
    { exp: undefined },
    { iss: 'throughline' },
    { aud: 'another app' },
    { exp: nowS() - 30 },
    { nbf: nowS() + 30 },
    { iat: nowS() + 30 },
  ]) {
    expect([claims, await statusOf(claims)]).toEqual([claims, 401])
  }
  expect(await statusOf({ iat: nowS() + 2, nbf: nowS() + 2 })).toBe(200)
})

test('A3 signing out ends the login that its sid names, streams and all, and no other of the user', async () => {
  const [phone, laptop] = [await sign({ sid: 'phone' }), await sign({ sid: 'laptop' })]
  await call(phone, 'PUT', '/api/sessions/read')
  const stream = await fetch(`${hub.url}/api/sse?sessionId=read`, {
    headers: { authorization: `Bearer ${phone}` },
  })
  expect((await call(phone, 'POST', '/api/auth/sign-out')).status).toBe(204)
  expect(await stream.text()).toContain('caught_up')
  // Minted anew for the same login it opens nothing either.
  expect(await statusOf({ sid: 'phone', iat: nowS() })).toBe(401)
  expect((await call(laptop, 'GET', '/api/auth/me')).status).toBe(200)
  const none = await sign({ iat: nowS() })
  expect((await call(laptop, 'POST', '/api/auth/everywhere')).status).toBe(204)
  expect((await call(laptop, 'GET', '/api/auth/me')).status).toBe(401)
  expect((await call(none, 'GET', '/api/auth/me')).status).toBe(401)
})
