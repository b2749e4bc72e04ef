import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRateLimit, silentLogger, type Logger } from '@throughline/server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSignInLimits } from './accounts/sign-in-limits.ts'
import { openDatabase } from './database/open-database.ts'
import { createPeople } from './people.ts'
import { startAppService, type AppService } from './testing/app-service.ts'
import { quickHashing } from './testing/quick-hashing.ts'

const ADA = { email: 'ada@example.org', password: 'nine wooden horses' }
const NEXT = 'ten wooden horses'

let app: AppService
let records: Record<string, unknown>[] = []
const cleanUp: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'throughline-audit-'))
  const database = await openDatabase({ dataDir, logger: silentLogger })
  const note = (fields: object): void => {
    if ('audit' in fields) records.push({ ...fields })
  }
  const logger: Logger = { info: note, warn: note, error: note }
  // The clock stands still, so that nothing refills.
  const rate = (_: string, perMinute: number) => createRateLimit({ perMinute, now: () => 0 })
  const limits = createSignInLimits({ rate, perAccount: 6 })
  app = await startAppService(
    (parts, keys) => {
      const people = createPeople({
        database,
        keys,
        parts,
        env: {},
        logger: silentLogger,
        hashing: quickHashing,
        limits,
      })
      cleanUp.push(() => people.close())
      return people.routes
    },
    {},
    { logger },
  )
  cleanUp.push(
    () => app.close(),
    () => database.close(),
    () => rm(dataDir, { recursive: true }),
  )
})
afterAll(async () => {
  for (const end of cleanUp) await end()
})

test('A7 what is done to accounts and links, and what is refused, is recorded with its reason and no secret', async () => {
  const ada = app.person()
  const told = async (method: string, path: string, body?: unknown, who = ada) => {
    records = []
    const { status, json } = await who.call(method, path, body)
    const events = records.map(({ audit, reason }) => (reason === undefined ? audit : [audit, reason]))
    everything.push(...records)
    return { seen: [status, ...events], json }
  }
  const everything: unknown[] = []
  const seen = async (...of: Parameters<typeof told>) => (await told(...of)).seen

  expect(await seen('POST', '/api/auth/sign-up', ADA)).toEqual([202, 'signed_up'])
  expect(await seen('POST', '/api/auth/sign-in', { ...ADA, password: NEXT })).toEqual([
    401,
    ['sign_in_refused', 'wrong_credentials'],
  ])
  expect(await seen('POST', '/api/auth/sign-in', ADA)).toEqual([200, ['signed_in', 'password']])
  expect(await seen('PUT', '/api/sessions/mine')).toEqual([201])
  const link = await told('POST', '/api/sessions/mine/shares', {})
  expect(link.seen).toEqual([201, 'share_created'])
  const { id, secret } = link.json
  const eve = app.person()
  const open = `/api/shares/${String(id)}/open`
  expect(await seen('POST', open, { secret: 'guessed' }, eve)).toEqual([
    404,
    ['request_refused', 'unknown_link'],
  ])
  expect(await seen('POST', open, { secret }, eve)).toEqual([200, 'share_opened'])
  await eve.call('POST', '/api/auth/guest')
  expect(await seen('GET', '/api/sessions/mine/shares', undefined, eve)).toEqual([
    404,
    ['request_refused', 'not_owner'],
  ])
  expect(await seen('DELETE', `/api/sessions/mine/shares/${String(id)}`)).toEqual([204, 'share_revoked'])
  const change = { current: ADA.password, next: NEXT }
  expect(await seen('POST', '/api/auth/password', { ...change, current: NEXT })).toEqual([
    403,
    ['request_refused', 'wrong_credentials'],
  ])
  expect(await seen('POST', '/api/auth/password', change)).toEqual([204, 'password_changed'])
  expect(await seen('POST', '/api/auth/delete', { password: NEXT })).toEqual([204, 'account_deleted'])
  expect(await seen('POST', '/api/auth/sign-in', ADA, app.person())).toEqual([
    429,
    ['request_refused', 'too_many_requests'],
  ])
  expect(JSON.stringify(everything)).not.toMatch(
    new RegExp(`${ADA.email}|wooden|eyJ|guessed|${String(secret)}`),
  )
})
