import { silentLogger } from '@throughline/server'
import { afterEach, expect, test } from 'vitest'
import type { Database } from '../database/database.ts'
import { eachDatabase } from '../database/testing/each-database.ts'
import { createPeople } from '../people.ts'
import { startAppService, type AppService } from '../testing/app-service.ts'
import { quickHashing } from '../testing/quick-hashing.ts'
import type { Person } from '../testing/person.ts'

const running: AppService[] = []

async function start(database: Database): Promise<AppService> {
  const app = await startAppService(
    (parts, keys) =>
      createPeople({ hashing: quickHashing, database, keys, parts, env: {}, logger: silentLogger }).routes,
    { HEARTBEAT_MS: '300' },
  )
  running.push(app)
  return app
}

afterEach(async () => {
  for (const app of running.splice(0)) await app.close()
})

interface Link {
  readonly id: string
  readonly secret: string
}

async function owner(app: AppService): Promise<Person> {
  const person = app.person()
  await person.call('POST', '/api/auth/guest')
  await person.call('PUT', '/api/sessions/mine')
  await person.call('PUT', '/api/sessions/other')
  await person.call('POST', '/api/sessions/mine/messages', { content: 'A question', clientMessageId: 'm1' })
  return person
}

async function share(person: Person, body: object = {}): Promise<Link> {
  const { status, json } = await person.call('POST', '/api/sessions/mine/shares', body)
  expect(status).toBe(201)
  return { id: String(json['id']), secret: String(json['secret']) }
}

const open = (person: Person, { id, secret }: Link) =>
  person.call('POST', `/api/shares/${id}/open`, { secret })
const at = ({ id }: Link, path: string) => `/api/shares/${id}${path}`
const STREAM = '/api/sse?sessionId=mine'

eachDatabase('shares', ({ open: database }) => {
  test('A2 a link lets anybody read that session, live, and nothing else', async () => {
    const app = await start(await database())
    const ada = await owner(app)
    const link = await share(ada)
    const reader = app.person()
    expect((await reader.open(at(link, STREAM))).status).toBe(401)
    const opened = await open(reader, link)
    expect(opened.json).toEqual({ sessionId: 'mine', title: 'A question', expiresAt: null })
    expect(opened.headers.getSetCookie()).toHaveLength(1)
    expect(opened.headers.getSetCookie()[0]).toMatch(
      new RegExp(`^share_token=.*; Path=/api/shares/${link.id}; .*HttpOnly`),
    )
    expect(opened.text).not.toContain('eyJ')

    const updates = await reader.call('GET', at(link, '/api/sessions/mine/updates'))
    expect(updates.text).toContain('A question')
    expect((await reader.call('GET', at(link, '/api/sessions/mine/messages'))).text).toContain('A question')
    const stream = await reader.open(at(link, STREAM))
    expect(stream.status).toBe(200)
    await ada.call('POST', '/api/sessions/mine/messages', { content: 'Live words', clientMessageId: 'm2' })
    let text = ''
    const decoder = new TextDecoder()
    for await (const bytes of stream.body!) {
      text += decoder.decode(bytes, { stream: true })
      if (text.includes('Live words')) break
    }

    for (const session of ['other', 'nothing']) {
      expect((await reader.open(at(link, `/api/sse?sessionId=${session}`))).status).toBe(404)
      expect((await reader.call('GET', at(link, `/api/sessions/${session}/updates`))).status).toBe(404)
    }
    for (const [method, path, status] of [
      ['GET', '/api/sessions', 401],
      ['GET', '/api/sessions/mine/updates', 401],
      ['GET', at(link, '/api/sessions'), 404],
      ['POST', at(link, '/api/sessions/mine/messages'), 405],
      ['DELETE', '/api/sessions/mine', 401],
      ['GET', '/api/sessions/mine/shares', 401],
      ['POST', at(link, '/api/auth/refresh'), 404],
    ] as const) {
      expect([path, (await reader.call(method, path)).status]).toEqual([path, status])
    }
  })

  test('a wrong secret, an unknown link and a revoked one get the same answer', async () => {
    const app = await start(await database())
    const ada = await owner(app)
    const link = await share(ada)
    const gone = await share(ada)
    await ada.call('DELETE', `/api/sessions/mine/shares/${gone.id}`)
    const reader = app.person()
    const answers = await Promise.all([
      open(reader, { ...link, secret: gone.secret }),
      open(reader, { id: 'never-was', secret: link.secret }),
      open(reader, gone),
      reader.call('POST', `/api/shares/${link.id}/open`, {}),
    ])
    expect(new Set(answers.map(({ status, text }) => `${String(status)} ${text}`)).size).toBe(1)
    expect(answers[0].status).toBe(404)
  })

  test("a reader's cookie of one link opens no other", async () => {
    const app = await start(await database())
    const ada = await owner(app)
    const [one, other] = [await share(ada), await share(ada)]
    const reader = app.person()
    const { headers } = await open(reader, one)
    const [, token = ''] = /share_token=([^;]+)/.exec(headers.get('set-cookie') ?? '') ?? []
    const sent = { 'x-throughline': '1', cookie: `share_token=${token}`, accept: 'text/event-stream' }
    const crossed = await fetch(app.url + at(other, STREAM), { headers: sent })
    expect(crossed.status).toBe(401)
    const asLogin = await fetch(`${app.url}/api/auth/me`, {
      headers: { ...sent, cookie: `auth_token=${token}` },
    })
    expect(asLogin.status).toBe(401)
    const asBearer = await fetch(`${app.url}/api/auth/me`, { headers: { authorization: `Bearer ${token}` } })
    expect(asBearer.status).toBe(401)
  })

  test('A3 revoking a link shows its readers out at once, and no others', async () => {
    const app = await start(await database())
    const ada = await owner(app)
    const [link, kept] = [await share(ada), await share(ada)]
    const [reader, other] = [app.person(), app.person()]
    await open(reader, link)
    await open(other, kept)
    const stream = await reader.open(at(link, STREAM))
    const going = await other.open(at(kept, STREAM))
    expect((await ada.call('DELETE', `/api/sessions/mine/shares/${link.id}`)).status).toBe(204)
    expect(await stream.text()).toContain('caught_up')
    expect(app.service.hub.stats()).toMatchObject({ subscribers: 1, closes: { revoked: 1 } })
    await going.body?.cancel()
    expect((await reader.call('GET', at(link, '/api/sessions/mine/updates'))).status).toBe(401)
    expect((await open(reader, link)).status).toBe(404)
    const { json } = await ada.call('GET', '/api/sessions/mine/shares')
    expect(json['shares']).toMatchObject([{ id: kept.id, expiresAt: null }])
    expect(JSON.stringify(json)).not.toContain('secret')
  })

  test('A3 an expired link ends its streams and opens nothing', async () => {
    const app = await start(await database())
    const ada = await owner(app)
    const link = await share(ada, { expiresInMs: 1_500 })
    const reader = app.person()
    await open(reader, link)
    const stream = await reader.open(at(link, STREAM))
    expect(stream.status).toBe(200)
    expect(await stream.text()).toContain('auth_expiring')
    expect(app.service.hub.stats().closes.expired).toBe(1)
    expect((await open(reader, link)).status).toBe(404)
    expect((await ada.call('GET', '/api/sessions/mine/shares')).json['shares']).toEqual([])
  })

  test('links are made and seen by the owner alone, and bounded', async () => {
    const app = await start(await database())
    const ada = await owner(app)
    const link = await share(ada)
    const eve = app.person()
    await eve.call('POST', '/api/auth/guest')
    for (const [method, path] of [
      ['POST', '/api/sessions/mine/shares'],
      ['GET', '/api/sessions/mine/shares'],
      ['DELETE', `/api/sessions/mine/shares/${link.id}`],
    ] as const) {
      expect((await eve.call(method, path)).status).toBe(404)
    }
    expect((await ada.call('POST', '/api/sessions/mine/shares', { expiresInMs: 'soon' })).status).toBe(400)
    for (let count = 1; count < 20; count += 1) await share(ada)
    expect((await ada.call('POST', '/api/sessions/mine/shares')).status).toBe(409)
  })

  test('a deleted conversation is not read by its links, and a deleted owner takes them along', async () => {
    const app = await start(await database())
    const ada = await owner(app)
    const link = await share(ada)
    const reader = app.person()
    await open(reader, link)
    const stream = await reader.open(at(link, STREAM))
    await ada.call('POST', '/api/auth/delete', {})
    expect(await stream.text()).toMatch(/caught_up/)
    expect((await open(reader, link)).status).toBe(404)
    expect((await reader.call('GET', at(link, '/api/sessions/mine/updates'))).status).toBe(401)
  })

  test('a guest that becomes somebody else takes its links along', async () => {
    const app = await start(await database())
    const credentials = { email: 'ada@example.com', password: 'nine wooden horses' }
    await app.person().call('POST', '/api/auth/sign-up', credentials)
    const ada = await owner(app)
    const link = await share(ada)
    await ada.call('POST', '/api/auth/sign-in', { ...credentials, guestSessions: 'move' })
    expect((await open(app.person(), link)).status).toBe(200)
    expect((await ada.call('GET', '/api/sessions/mine/shares')).json['shares']).toHaveLength(1)
  })
})
