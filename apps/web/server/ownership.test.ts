import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLogger, type Route } from '@throughline/server'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { appRoutes } from './app-routes.ts'
import { openDatabase } from './database/open-database.ts'
import { createDocumentLibrary } from './library/document-library.ts'
import { createPeople } from './people.ts'
import { openDataLibrary } from './team.ts'
import { startAppService, type AppService } from './testing/app-service.ts'
import type { Answer, Person } from './testing/person.ts'
import { quickHashing } from './testing/quick-hashing.ts'

/** Routes that name nobody's things: each says why there is nothing of somebody else to be had. */
const OWN_BY_NATURE: Readonly<Record<string, string>> = {
  'GET /api/auth/ways': 'says how people come to accounts, the same to everybody',
  'POST /api/auth/sign-up': 'makes an account',
  'POST /api/auth/sign-in': 'asks for the password',
  'GET /api/auth/account': 'shows that of the caller',
  'POST /api/auth/password': 'changes that of the caller, who knows it',
  'POST /api/auth/delete': 'deletes the caller',
  'GET /api/settings': 'shows those of the caller',
  'PATCH /api/settings': 'changes those of the caller',
  'GET /api/library': 'lists the documents of the caller, and counts the bundled ones',
  'POST /api/library/documents': 'adds a document of the caller',
}

/** The thing of somebody that a route names in its path. */
const NAMES = [':sessionId', ':documentId', ':shareId'] as const
type Name = (typeof NAMES)[number]
type Named = Readonly<Record<Name, string>>

const PASSWORD = 'a passphrase nobody guesses'
const OTHERS = { email: 'ada@example.org', password: 'not her passphrase' }
/** Bodies that would be taken, were the thing the caller's; sent by a guest, so that accounts stay out of reach. */
const BODIES: Readonly<Record<string, unknown>> = {
  'POST /api/auth/sign-up': OTHERS,
  'POST /api/auth/sign-in': OTHERS,
  'POST /api/auth/password': { current: PASSWORD, next: 'a passphrase of somebody else' },
  'POST /api/auth/delete': { password: PASSWORD },
  'PATCH /api/settings': { preferences: { theme: 'dark' }, provider: null },
  'POST /api/library/documents': 'A recipe of another kind.',
  'POST /api/sessions/:sessionId/shares': {},
  'POST /api/shares/:shareId/open': { secret: 'guessed' },
}
/** Each is in something of Ada's. */
const SECRETS = ['secret question', 'secret recipe', 'ada@example.org', 'secret-model', 'sk-secret'] as const

let app: AppService
let routes: readonly Route[]
let ada: Person
let adas: Named
let linkSecret: string
const cleanUp: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'throughline-ownership-'))
  const [library, database] = [
    await openDataLibrary(dataDir),
    await openDatabase({ dataDir, logger: silentLogger }),
  ]
  const documents = createDocumentLibrary({ library, dataDir, logger: silentLogger })
  app = await startAppService((parts, keys) => {
    const possessions = [documents.owned]
    const basis = { database, keys, parts, possessions, env: {}, logger: silentLogger }
    const people = createPeople({ ...basis, hashing: quickHashing })
    cleanUp.push(() => people.close())
    routes = appRoutes({ documents, people })
    return routes
  })
  cleanUp.push(
    () => app.close(),
    () => documents.close(),
    () => library.dispose(),
    () => database.close(),
    () => rm(dataDir, { recursive: true, force: true }),
  )
  ada = app.person()
  await ada.call('POST', '/api/auth/guest')
  await ada.call('POST', '/api/auth/sign-up', { email: OTHERS.email, password: PASSWORD })
  await ada.call('POST', '/api/auth/sign-in', { email: OTHERS.email, password: PASSWORD })
  const question = { content: 'a secret question', clientMessageId: 'm1' }
  await ada.call('PUT', '/api/sessions/adas')
  await ada.call('POST', '/api/sessions/adas/messages', question)
  const provider = { baseUrl: 'https://models.example.org/v1', model: 'secret-model', key: 'sk-secret' }
  expect((await ada.call('PATCH', '/api/settings', { provider })).status).toBe(200)
  const link = await ada.call('POST', '/api/sessions/adas/shares', {})
  linkSecret = String(link.json['secret'])
  const added = await ada.call('POST', '/api/library/documents?name=secret%20recipe.md', 'A secret recipe.')
  const { id } = added.json['document'] as { id: string }
  const isRead = async (): Promise<void> => {
    expect((await ada.call('GET', `/api/library/documents/${id}/status`)).text).toContain('"ready"')
  }
  await vi.waitFor(isRead, { timeout: 30_000, interval: 25 })
  adas = { ':sessionId': 'adas', ':documentId': id, ':shareId': String(link.json['id']) }
}, 60_000)
afterAll(async () => {
  for (const step of cleanUp) await step()
})

const keyOf = ({ method, pattern }: Route): string => `${method} ${pattern}`
const namesOf = ({ pattern }: Route): readonly Name[] => NAMES.filter((name) => pattern.includes(name))

function ask(person: Person, route: Route, named: Named): Promise<Answer> {
  const path = NAMES.reduce((filled, name) => filled.replace(name, named[name]), route.pattern)
  const query = route.pattern === '/api/library/documents' ? '?name=recipe.md' : ''
  return person.call(route.method, path + query, BODIES[keyOf(route)])
}

let guests = 0
async function guest(): Promise<Person> {
  const person = app.person()
  person.from(`198.51.100.${String((guests += 1))}`)
  expect((await person.call('POST', '/api/auth/guest')).status).toBe(201)
  return person
}

/** All that Ada has, as she sees it. */
async function whatAdaHas(): Promise<string> {
  const paths = [
    '/api/auth/account',
    '/api/settings',
    '/api/library',
    `/api/library/documents/${adas[':documentId']}`,
    '/api/sessions/adas',
    '/api/sessions/adas/shares',
  ]
  const answers = await Promise.all(paths.map((path) => ada.call('GET', path)))
  expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 200))
  return answers.map(({ text }) => text).join('\n')
}

function expectNoneOfAdas(answer: Answer, route: Route): void {
  for (const secret of SECRETS) expect(answer.text, keyOf(route)).not.toContain(secret)
}

test('A2 every route that the app adds names whose thing it is about, or says why it need not', () => {
  const others = routes.filter((route) => namesOf(route).length === 0)
  expect(others.map(keyOf).sort()).toEqual(Object.keys(OWN_BY_NATURE).sort())
  const parts = routes.flatMap(({ pattern }) => pattern.match(/:\w+/g) ?? [])
  expect(parts.filter((part) => !NAMES.some((name) => name === part))).toEqual([])
  expect(routes.length - others.length).toBeGreaterThan(8)
})

test('A2 on every route that the app adds what is foreign is answered like what does not exist, and stays', async () => {
  const before = await whatAdaHas()
  const eve = await guest()
  await eve.call('PUT', '/api/sessions/eves')
  const unknown: Named = {
    ':sessionId': 'nobodys',
    ':documentId': crypto.randomUUID(),
    ':shareId': 'nobodys',
  }
  for (const route of routes.filter((one) => namesOf(one).length > 0)) {
    const stranger = await ask(eve, route, unknown)
    expect(stranger.status, keyOf(route)).toBe(404)
    // Beside all of it also each thing by itself: a foreign one does not hide behind an own one.
    const mixed = namesOf(route).map((name) => ({ ...unknown, ':sessionId': 'eves', [name]: adas[name] }))
    for (const named of [adas, ...mixed]) {
      const foreign = await ask(eve, route, named)
      expect([foreign.status, foreign.headers.get('content-type')], keyOf(route)).toEqual([
        404,
        stranger.headers.get('content-type'),
      ])
      if (named === adas) expect(foreign.text, keyOf(route)).toBe(stranger.text)
      expectNoneOfAdas(foreign, route)
    }
  }
  expect(await whatAdaHas()).toBe(before)
})

test('A2 a route about the caller alone shows and changes nothing of anybody else', async () => {
  const before = await whatAdaHas()
  for (const route of routes.filter((one) => namesOf(one).length === 0)) {
    const answer = await ask(await guest(), route, adas)
    expect(answer.status, keyOf(route)).toBeLessThan(500)
    expectNoneOfAdas(answer, route)
  }
  expect(await whatAdaHas()).toBe(before)
})

test('A2 nobody and who reads by a link get nothing from any route that wants a user', async () => {
  const before = await whatAdaHas()
  const reader = app.person()
  const opened = await reader.call('POST', `/api/shares/${adas[':shareId']}/open`, { secret: linkSecret })
  const token = /share_token=([^;]+)/.exec(opened.headers.get('set-cookie') ?? '')?.[1] ?? ''
  expect(token).not.toBe('')
  const wanting = routes.filter(({ access }) => access === 'user')
  expect(wanting.length).toBeGreaterThan(12)
  for (const route of wanting) {
    expect((await ask(app.person(), route, adas)).status, keyOf(route)).toBe(401)
    const path = NAMES.reduce((filled, name) => filled.replace(name, adas[name]), route.pattern)
    for (const credentials of [
      { cookie: `share_token=${token}; auth_token=${token}` },
      { authorization: `Bearer ${token}` },
    ]) {
      const headers = { 'x-throughline': '1', ...credentials }
      const { status } = await fetch(app.url + path, { method: route.method, headers })
      expect(status, keyOf(route)).toBe(401)
    }
  }
  expect(await whatAdaHas()).toBe(before)
})
