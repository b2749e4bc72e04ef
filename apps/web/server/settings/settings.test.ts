import { randomBytes } from 'node:crypto'
import { silentLogger } from '@throughline/server'
import { afterEach, expect, test } from 'vitest'
import type { Database } from '../database/database.ts'
import { eachDatabase } from '../database/testing/each-database.ts'
import { createPeople, type People } from '../people.ts'
import { startAppService, type AppService } from '../testing/app-service.ts'
import { createSealedBox } from './sealed-box.ts'
import { createSettings } from './settings.ts'

const running: AppService[] = []
afterEach(async () => {
  for (const app of running.splice(0)) await app.close()
})

async function start(
  database: Database,
  env: Record<string, string> = {},
): Promise<{ app: AppService; people: People }> {
  const made: { people?: People } = {}
  const app = await startAppService((parts, keys) => {
    made.people = createPeople({ database, keys, parts, env, logger: silentLogger })
    return made.people.routes
  })
  running.push(app)
  return { app, people: made.people! }
}

const KEY = 'sk-test-0123456789-canary'
const PROVIDER = { baseUrl: 'https://api.example.com/v1', model: 'large-1' }

eachDatabase('settings', ({ open }) => {
  test('are the defaults until somebody chooses, and each one has its own', async () => {
    const { app } = await start(await open(), { MODEL: 'house', OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' })
    const [ada, eve] = [app.person(), app.person()]
    for (const person of [ada, eve]) await person.call('POST', '/api/auth/guest')
    const before = {
      preferences: {},
      provider: null,
      serverModel: 'house',
    }
    expect((await ada.call('GET', '/api/settings')).json).toEqual(before)
    const patched = await ada.call('PATCH', '/api/settings', { preferences: { theme: 'dark' } })
    expect(patched.json).toEqual({ ...before, preferences: { theme: 'dark' } })
    expect((await ada.call('GET', '/api/settings')).json).toEqual(patched.json)
    expect((await eve.call('GET', '/api/settings')).json).toEqual(before)
    expect((await app.person().call('GET', '/api/settings')).status).toBe(401)
  })

  test('a key goes in and never out, and no table holds it', async () => {
    const database = await open()
    const { app, people } = await start(database)
    const ada = app.person()
    const { json } = await ada.call('POST', '/api/auth/guest')
    const userId = String(json['userId'])
    const answers = [
      await ada.call('PATCH', '/api/settings', { provider: { ...PROVIDER, key: KEY } }),
      await ada.call('GET', '/api/settings'),
      await ada.call('PATCH', '/api/settings', { preferences: { motion: 'reduced' } }),
      await ada.call('PATCH', '/api/settings', { provider: { ...PROVIDER, model: 'small-1' } }),
    ]
    for (const { status, text, json: body } of answers) {
      expect(status).toBe(200)
      expect(text).not.toContain('sk-test')
      expect(body['provider']).toMatchObject({ key: { state: 'set', endsIn: 'nary' } })
    }
    expect(await people.providerOf(userId)).toEqual({ ...PROVIDER, model: 'small-1', apiKey: KEY })
    const rows = await database.query.selectFrom('settings').selectAll().execute()
    expect(JSON.stringify(rows)).not.toMatch(/sk-test|canary/)
    await ada.call('PATCH', '/api/settings', { provider: { ...PROVIDER, key: null } })
    expect(await people.providerOf(userId)).toEqual(PROVIDER)
    await ada.call('PATCH', '/api/settings', { provider: null })
    expect(await people.providerOf(userId)).toBeUndefined()
  })

  test('a key does not follow to another host', async () => {
    const { app, people } = await start(await open())
    const ada = app.person()
    const userId = String((await ada.call('POST', '/api/auth/guest')).json['userId'])
    await ada.call('PATCH', '/api/settings', { provider: { ...PROVIDER, key: KEY } })
    const thief = { ...PROVIDER, baseUrl: 'https://api.example.net/v1' }
    const { json } = await ada.call('PATCH', '/api/settings', { provider: thief })
    expect(json['provider']).toEqual({ ...thief, key: { state: 'none' } })
    expect(await people.providerOf(userId)).toEqual(thief)
  })

  test('a key sealed under another secret is said to be so, and is not used', async () => {
    const database = await open()
    const before = createSettings({ database, box: createSealedBox(randomBytes(32)) })
    await before.change('ada', { provider: { ...PROVIDER, key: KEY } })
    const after = createSettings({ database, box: createSealedBox(randomBytes(32)) })
    expect((await after.get('ada')).provider?.key).toEqual({ state: 'unreadable' })
    await expect(after.provider('ada')).rejects.toThrow(/enter it again/)
  })

  test('are gone with their owner', async () => {
    const database = await open()
    const { app } = await start(database)
    const ada = app.person()
    await ada.call('POST', '/api/auth/guest')
    await ada.call('PATCH', '/api/settings', { provider: { ...PROVIDER, key: KEY } })
    await ada.call('POST', '/api/auth/delete', {})
    expect(await database.query.selectFrom('settings').selectAll().execute()).toEqual([])
  })

  test('A10 what is no setting is refused', async () => {
    const { app } = await start(await open())
    const ada = app.person()
    await ada.call('POST', '/api/auth/guest')
    for (const body of [
      [],
      { preferences: 'dark' },
      { preferences: { theme: 'pink' } },
      { provider: {} },
      { provider: { ...PROVIDER, baseUrl: 'http://169.254.169.254/v1' } },
      { provider: { ...PROVIDER, model: '' } },
      { provider: { ...PROVIDER, key: 'with\nbreak' } },
      { provider: { ...PROVIDER, key: 'k'.repeat(513) } },
    ]) {
      expect([body, (await ada.call('PATCH', '/api/settings', body)).status]).toEqual([body, 400])
    }
  })
})
