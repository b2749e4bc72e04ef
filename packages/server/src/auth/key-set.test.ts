import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SignJWT, exportJWK, generateKeyPair, type CryptoKey, type JWK } from 'jose'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestClock, settle, type TestClock } from '../testing/clock.ts'
import { createClaimsVerifier, type ClaimsVerifier } from './token-verifier.ts'

const MINUTE = 60_000
const invalid = { code: 'auth_error', status: 401 }
const unavailable = { code: 'server_error', status: 503 }

let asked = 0
let answer = { status: 200, body: '' }
const server = createServer((_, response) => {
  asked += 1
  response.writeHead(answer.status, { 'content-type': 'application/json', location: '/elsewhere' })
  response.end(answer.body)
})

interface Signer {
  readonly jwk: JWK
  sign(claims?: object): Promise<string>
}

let clock: TestClock
let verify: ClaimsVerifier
let url: string
const signers: Signer[] = []

async function createSigner(kid: string): Promise<Signer> {
  const { publicKey, privateKey }: { publicKey: CryptoKey; privateKey: CryptoKey } =
    await generateKeyPair('ES256')
  return {
    jwk: { ...(await exportJWK(publicKey)), kid },
    sign: (claims = {}) => {
      const exp = clock.now() / 1_000 + 7 * 86_400
      return new SignJWT({ sub: 'ada', iss: 'idp', aud: 'app', exp, ...claims })
        .setProtectedHeader({ alg: 'ES256', kid })
        .sign(privateKey)
    },
  }
}

const publish = (...keys: readonly (Signer | undefined)[]): void => {
  answer = { status: 200, body: JSON.stringify({ keys: keys.map((key) => key?.jwk) }) }
}

beforeAll(async () => {
  for (const kid of ['one', 'two', 'three']) signers.push(await createSigner(kid))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/jwks.json`
})
afterAll(() => server.close())

beforeEach(() => {
  clock = createTestClock()
  asked = 0
  publish(signers[0])
  verify = createClaimsVerifier({
    keys: { kind: 'jwks', url },
    issuer: 'idp',
    audience: 'app',
    now: clock.now,
  })
})

const signed = (index: number, claims?: object): Promise<string> => signers[index]!.sign(claims)

test('A9 keys rotate: a new one is fetched when a token names it, an old one ends with its entry', async () => {
  expect(await verify(await signed(0))).toMatchObject({ sub: 'ada' })
  publish(signers[0], signers[1])
  await clock.pass(MINUTE)
  expect(await verify(await signed(1))).toMatchObject({ sub: 'ada' })
  expect(asked).toBe(2)
  publish(signers[1])
  await clock.pass(11 * MINUTE)
  // Still good while the new set is on its way.
  await verify(await signed(0))
  await expect.poll(() => asked).toBe(3)
  const judge = () =>
    signed(0)
      .then(verify)
      .then(
        () => 'good',
        () => 'refused',
      )
  await expect.poll(judge).toBe('refused')
})

test('A9 tokens that name unknown keys do not make it ask for each', async () => {
  await verify(await signed(0))
  await clock.pass(MINUTE)
  const strange = await signed(2)
  for (let token = 0; token < 50; token++) await expect(verify(strange)).rejects.toMatchObject(invalid)
  expect(asked).toBe(2)
  await Promise.all(
    Array.from({ length: 50 }, async () => {
      await expect(verify(strange)).rejects.toMatchObject(invalid)
    }),
  )
  expect(asked).toBe(2)
  expect(await verify(await signed(0))).toMatchObject({ sub: 'ada' })
})

test('A9 while the issuer is away its last keys go on for a day, and then nobody is let in', async () => {
  await verify(await signed(0))
  for (const broken of [
    { status: 500, body: '{}' },
    { status: 302, body: '' },
    { status: 200, body: 'no keys' },
    { status: 200, body: JSON.stringify({ keys: 'x' }) },
    { status: 200, body: JSON.stringify({ keys: [], filler: 'x'.repeat(100_000) }) },
  ]) {
    answer = broken
    await clock.pass(60 * MINUTE)
    expect(await verify(await signed(0))).toMatchObject({ sub: 'ada' })
    await settle()
  }
  await clock.pass(24 * 60 * MINUTE)
  await expect(verify(await signed(0))).rejects.toMatchObject(unavailable)
  publish(signers[0])
  await clock.pass(MINUTE)
  expect(await verify(await signed(0))).toMatchObject({ sub: 'ada' })
})

test('A9 an issuer that was never there is asked again now and then, and says nothing about a token', async () => {
  answer = { status: 503, body: '' }
  for (let token = 0; token < 20; token++) {
    await expect(verify(await signed(0))).rejects.toMatchObject(unavailable)
  }
  expect(asked).toBe(1)
  publish(signers[0])
  await clock.pass(MINUTE)
  expect(await verify(await signed(0))).toMatchObject({ sub: 'ada' })
})

test('A9 clocks may differ by 5 s and no more', async () => {
  const at = (ms: number): number => (clock.now() + ms) / 1_000
  expect(await verify(await signed(0, { exp: at(-3_000) }))).toMatchObject({ sub: 'ada' })
  expect(await verify(await signed(0, { nbf: at(3_000), iat: at(3_000) }))).toMatchObject({ sub: 'ada' })
  for (const claims of [{ exp: at(-7_000) }, { nbf: at(7_000) }, { iat: at(7_000) }]) {
    await expect(verify(await signed(0, claims))).rejects.toMatchObject(invalid)
  }
})
