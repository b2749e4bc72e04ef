import { createRateLimit, silentLogger } from '@throughline/server'
import { afterEach, describe, expect, test } from 'vitest'
import type { Database } from '../database/database.ts'
import { eachDatabase } from '../database/testing/each-database.ts'
import { createPeople, type People } from '../people.ts'
import { quickHashing } from '../testing/quick-hashing.ts'
import { startAppService, type AppService } from '../testing/app-service.ts'
import type { Person } from '../testing/person.ts'
import { createSignInLimits } from './sign-in-limits.ts'

const ADA = { email: 'ada@example.com', password: 'nine wooden horses' }

const running: { app: AppService; people: People }[] = []

async function start(
  database: Database,
  env: Record<string, string> = {},
  onHash: () => Promise<void> = () => Promise.resolve(),
): Promise<AppService> {
  const made: { people?: People } = {}
  // No time passes for them, however slow the machine is.
  const limits = createSignInLimits({ rate: (_, perMinute) => createRateLimit({ perMinute, now: () => 0 }) })
  const app = await startAppService((parts, keys) => {
    made.people = createPeople({
      hashing: { ...quickHashing, hash: (password) => onHash().then(() => quickHashing.hash(password)) },
      database,
      keys,
      parts,
      env,
      logger: silentLogger,
      limits,
    })
    return made.people.routes
  })
  const people = made.people!
  await people.start()
  running.push({ app, people })
  return app
}

afterEach(async () => {
  for (const { app, people } of running.splice(0)) {
    await people.close()
    await app.close()
  }
})

async function guest(app: AppService, sessions: readonly string[] = []): Promise<Person> {
  const person = app.person()
  await person.call('POST', '/api/auth/guest')
  for (const id of sessions) await person.call('PUT', `/api/sessions/${id}`)
  return person
}

async function signedUp(app: AppService, credentials = ADA): Promise<Person> {
  const person = app.person()
  expect((await person.call('POST', '/api/auth/sign-up', credentials)).status).toBe(202)
  expect((await person.call('POST', '/api/auth/sign-in', credentials)).status).toBe(200)
  return person
}

const me = async (person: Person) => (await person.call('GET', '/api/auth/me')).json
const sessionsOf = async (person: Person) => {
  const { json } = await person.call('GET', '/api/sessions')
  return (json['sessions'] as readonly { id: string }[]).map(({ id }) => id).toSorted()
}

eachDatabase('accounts over HTTP', ({ open }) => {
  test('a person signs up, in, and out', async () => {
    const app = await start(await open())
    const person = await signedUp(app)
    expect(await me(person)).toMatchObject({ guest: false, name: 'ada' })
    expect((await person.call('GET', '/api/auth/account')).json).toMatchObject({ email: ADA.email })
    expect((await person.call('POST', '/api/auth/sign-out')).status).toBe(204)
    expect((await person.call('GET', '/api/auth/me')).status).toBe(401)
  })

  test('nobody learns which addresses have accounts', async () => {
    const app = await start(await open())
    await signedUp(app)
    const stranger = app.person()
    const wrong = await stranger.call('POST', '/api/auth/sign-in', { ...ADA, password: 'not the password' })
    const unknown = await stranger.call('POST', '/api/auth/sign-in', { ...ADA, email: 'bob@example.com' })
    expect([wrong.status, wrong.text]).toEqual([unknown.status, unknown.text])
    expect(wrong.status).toBe(401)
    const taken = await stranger.call('POST', '/api/auth/sign-up', { ...ADA, password: 'my own good one' })
    const free = await stranger.call('POST', '/api/auth/sign-up', { ...ADA, email: 'eve@example.com' })
    expect([taken.status, taken.text]).toEqual([free.status, free.text])
    const weak = { email: ADA.email, password: 'short' }
    const weakTaken = await stranger.call('POST', '/api/auth/sign-up', weak)
    const weakFree = await stranger.call('POST', '/api/auth/sign-up', { ...weak, email: 'cy@example.com' })
    expect([weakTaken.status, weakTaken.text]).toEqual([weakFree.status, weakFree.text])
  })

  test('closed, nobody new has an account, which is said to everybody', async () => {
    const database = await open()
    const app = await start(database)
    await signedUp(app)
    const closed = await start(database, { SIGN_UP: 'closed' })
    const stranger = await guest(closed)
    const taken = await stranger.call('POST', '/api/auth/sign-up', { ...ADA, password: 'my own good one' })
    const free = await stranger.call('POST', '/api/auth/sign-up', { ...ADA, email: 'eve@example.com' })
    expect([taken.status, taken.text]).toEqual([free.status, free.text])
    expect(free.status).toBe(403)
    expect((await stranger.call('GET', '/api/auth/ways')).json).toEqual({ signUp: 'closed', mail: false })
    expect((await app.person().call('GET', '/api/auth/ways')).json).toEqual({ signUp: 'open', mail: false })
    expect((await closed.person().call('POST', '/api/auth/sign-in', ADA)).status).toBe(200)
    expect((await stranger.call('POST', '/api/auth/forgot', { email: ADA.email })).status).toBe(404)
    await expect(start(database, { SIGN_UP: 'shut' })).rejects.toThrow('SIGN_UP')
  })

  test('a guest becomes an account and keeps its id and its conversations', async () => {
    const app = await start(await open())
    const person = await guest(app, ['one', 'two'])
    const thief = person.copy()
    const { userId } = await me(person)
    await person.call('POST', '/api/auth/sign-up', ADA)
    expect((await person.call('POST', '/api/auth/sign-in', ADA)).json).toMatchObject({ userId, guest: false })
    expect(await sessionsOf(person)).toEqual(['one', 'two'])
    expect((await thief.call('GET', '/api/auth/me')).status).toBe(401)
    expect((await thief.call('POST', '/api/auth/refresh')).status).toBe(401)
    expect((await person.call('POST', '/api/auth/refresh')).status).toBe(200)
  })

  test('a guest that signs in to another account must say what becomes of its conversations', async () => {
    const app = await start(await open())
    const account = await signedUp(app)
    await account.call('PUT', '/api/sessions/old')
    const mover = await guest(app, ['one', 'two'])
    const asked = await mover.call('POST', '/api/auth/sign-in', ADA)
    expect([asked.status, asked.json['code']]).toEqual([409, 'conflict'])
    expect(await sessionsOf(mover)).toEqual(['one', 'two'])
    const copy = mover.copy()
    await mover.call('POST', '/api/auth/sign-in', { ...ADA, guestSessions: 'move' })
    expect(await sessionsOf(mover)).toEqual(['old', 'one', 'two'])
    expect((await copy.call('GET', '/api/sessions/one')).status).toBe(401)

    const leaver = await guest(app, ['three'])
    await leaver.call('POST', '/api/auth/sign-in', { ...ADA, guestSessions: 'delete' })
    expect(await sessionsOf(leaver)).toEqual(['old', 'one', 'two'])
    expect((await leaver.call('GET', '/api/sessions/three')).status).toBe(404)

    const empty = await guest(app)
    expect((await empty.call('POST', '/api/auth/sign-in', ADA)).status).toBe(200)
  })

  test('A3 a changed password ends all other logins with their streams, and this one goes on', async () => {
    const app = await start(await open())
    const here = await signedUp(app)
    const there = app.person()
    await there.call('POST', '/api/auth/sign-in', ADA)
    await here.call('PUT', '/api/sessions/s1')
    const streams = await Promise.all([
      here.open('/api/sse?sessionId=s1'),
      there.open('/api/sse?sessionId=s1'),
    ])
    const next = 'another good one'
    const wrong = await here.call('POST', '/api/auth/password', { current: 'not it at all', next })
    expect(wrong.status).toBe(403)
    const weak = await here.call('POST', '/api/auth/password', { current: ADA.password, next: 'weak' })
    expect(weak.status).toBe(400)
    const done = await here.call('POST', '/api/auth/password', { current: ADA.password, next })
    expect(done.status).toBe(204)
    expect(await streams[1].text()).toContain('caught_up')
    expect(app.service.hub.stats()).toMatchObject({ subscribers: 1, closes: { revoked: 1 } })
    await streams[0].body?.cancel()
    expect((await there.call('GET', '/api/auth/me')).status).toBe(401)
    expect((await here.call('GET', '/api/auth/me')).status).toBe(200)
    expect((await here.call('POST', '/api/auth/refresh')).status).toBe(200)
    expect((await there.call('POST', '/api/auth/sign-in', ADA)).status).toBe(401)
    expect((await there.call('POST', '/api/auth/sign-in', { ...ADA, password: next })).status).toBe(200)
  })

  test('A3 a change that stops after the password is set has ended all other logins before', async () => {
    const seen: number[] = []
    const others: Person[] = []
    const app = await start(await open(), {}, async () => {
      for (const other of others) seen.push((await other.call('GET', '/api/auth/me')).status)
    })
    const here = await signedUp(app)
    const there = app.person()
    await there.call('POST', '/api/auth/sign-in', ADA)
    others.push(there)
    const change = (next: string) => here.call('POST', '/api/auth/password', { current: ADA.password, next })
    expect((await change('weak')).status).toBe(400)
    expect((await there.call('GET', '/api/auth/me')).status).toBe(200)
    expect((await change('another good one')).status).toBe(204)
    expect(seen).toEqual([401])
  })

  test('deleting an account takes its password, and everything it owns along', async () => {
    const database = await open()
    const app = await start(database)
    const person = await signedUp(app)
    await person.call('PUT', '/api/sessions/s1')
    expect((await person.call('POST', '/api/auth/delete', {})).status).toBe(403)
    expect((await person.call('POST', '/api/auth/delete', { password: ADA.password })).status).toBe(204)
    expect((await person.call('GET', '/api/auth/me')).status).toBe(401)
    expect((await person.call('POST', '/api/auth/sign-in', ADA)).status).toBe(401)
    expect(await app.driver.sessions.get('s1')).toBeUndefined()
    for (const table of ['accounts', 'estates'] as const) {
      expect(await database.query.selectFrom(table).selectAll().execute()).toEqual([])
    }
    const again = await signedUp(app)
    expect(await sessionsOf(again)).toEqual([])
  })

  test('a guest deletes what it has without a password', async () => {
    const app = await start(await open())
    const person = await guest(app, ['one'])
    expect((await person.call('POST', '/api/auth/delete', {})).status).toBe(204)
    expect(await app.driver.sessions.get('one')).toBeUndefined()
    expect((await person.call('GET', '/api/auth/account')).status).toBe(401)
  })

  describe('tries', () => {
    test('on one account are limited wherever they come from, on an unknown one, too', async () => {
      const app = await start(await open())
      await signedUp(app)
      for (const email of [ADA.email, 'nobody@example.com']) {
        const statuses: number[] = []
        for (let count = 0; count < 12; count += 1) {
          const thief = app.person()
          thief.from(`198.51.100.${String(count)}`)
          const answer = await thief.call('POST', '/api/auth/sign-in', {
            email,
            password: 'wrong wrong wrong',
          })
          statuses.push(answer.status)
          if (answer.status === 429) expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
        }
        expect(statuses).toContain(429)
        expect(statuses[0]).toBe(401)
      }
    })

    test('from one address are limited whatever accounts they are on', async () => {
      const app = await start(await open())
      const person = app.person()
      const statuses: number[] = []
      for (let count = 0; count < 24; count += 1) {
        const body = { email: `person${String(count)}@example.com`, password: 'wrong wrong wrong' }
        statuses.push((await person.call('POST', '/api/auth/sign-in', body)).status)
      }
      expect(statuses).toContain(429)
    })
  })

  test.each([
    ['POST', '/api/auth/sign-in', { email: 'ada@example.com' }],
    ['POST', '/api/auth/sign-in', { email: 'ada@example.com', password: 'x'.repeat(1_025) }],
    ['POST', '/api/auth/sign-in', { email: 'ada@example.com', password: 'x', guestSessions: 'steal' }],
    ['POST', '/api/auth/sign-up', []],
    ['POST', '/api/auth/sign-up', { email: 'no address', password: 'nine wooden horses' }],
  ])('A10 %s %s with %j is refused', async (method, path, body) => {
    const app = await start(await open())
    expect((await app.person().call(method, path, body)).status).toBe(400)
  })
})
