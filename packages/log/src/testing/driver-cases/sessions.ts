import { expect } from 'vitest'
import type { LogDriver, SessionQuery } from '../../log-driver.ts'
import { drafts, sessionRecord, startSession } from '../records.ts'
import type { DriverCases } from './case.ts'

async function listAll(driver: LogDriver, query: Partial<SessionQuery> = {}): Promise<string[]> {
  const ids: string[] = []
  let before: string | undefined
  do {
    const page = await driver.sessions.list({
      userId: 'ada',
      limit: 2,
      ...query,
      ...(before !== undefined && { before }),
    })
    expect(page.sessions.length).toBeLessThanOrEqual(query.limit ?? 2)
    ids.push(...page.sessions.map((session) => session.id))
    before = page.before
  } while (before !== undefined)
  return ids
}

export const sessionCases: DriverCases = {
  'create makes the session and its stream, or returns what is there': async (driver) => {
    const mine = sessionRecord('a')
    expect(await driver.sessions.create(mine)).toEqual(mine)
    expect((await driver.head('a')).offset).toBe(0)
    expect(await driver.sessions.create(sessionRecord('a', { userId: 'eve', title: 'Mine now' }))).toEqual(
      mine,
    )
    expect(await driver.sessions.get('a')).toEqual(mine)
    expect(await driver.sessions.get('none')).toBeUndefined()
  },

  'two that create the same session at once get the same record and one epoch': async (driver) => {
    const [a, b] = await Promise.all([
      driver.sessions.create(sessionRecord('a', { userId: 'ada' })),
      driver.sessions.create(sessionRecord('a', { userId: 'eve' })),
    ])
    expect(a).toEqual(b)
    expect(await driver.sessions.get('a')).toEqual(a)
    expect(await driver.head('a')).toEqual(await driver.head('a'))
  },

  'update changes what it names and nothing else': async (driver) => {
    await startSession(driver, 'a')
    const changed = sessionRecord('a', { title: 'New', renamed: true, updatedAt: 5_000 })
    expect(await driver.sessions.update('a', { title: 'New', renamed: true, updatedAt: 5_000 })).toEqual(
      changed,
    )
    expect(await driver.sessions.get('a')).toEqual(changed)
    await expect(driver.sessions.update('none', { title: 'x' })).rejects.toMatchObject({ code: 'not_found' })
  },

  'a session given to somebody else is listed by that one, and by nobody else': async (driver) => {
    await startSession(driver, 'a')
    await startSession(driver, 'b')
    expect(await driver.sessions.update('a', { userId: 'eve' })).toEqual(
      sessionRecord('a', { userId: 'eve' }),
    )
    expect(await driver.sessions.get('a')).toMatchObject({ userId: 'eve' })
    expect(await listAll(driver, { userId: 'eve' })).toEqual(['a'])
    expect(await listAll(driver)).toEqual(['b'])
  },

  'updates that arrive together are all kept': async (driver) => {
    await startSession(driver, 'a')
    await Promise.all([
      driver.sessions.update('a', { title: 'Both' }),
      driver.append({ stream: 'a', drafts: drafts(1), session: { updatedAt: 7_000 } }),
      driver.sessions.update('a', { archived: true }),
    ])
    expect(await driver.sessions.get('a')).toEqual(
      sessionRecord('a', { title: 'Both', updatedAt: 7_000, archived: true }),
    )
  },

  'the list is newest first, then by id, page by page without doubles': async (driver) => {
    const times = { a: 3_000, b: 9_000, c: 3_000, d: 1_000, e: 12_000, f: 3_000, g: 900 }
    for (const [id, updatedAt] of Object.entries(times)) {
      await driver.sessions.create(sessionRecord(id, { updatedAt }))
    }
    await driver.sessions.create(sessionRecord('z', { userId: 'eve', updatedAt: 8_000 }))
    const expected = ['e', 'b', 'a', 'c', 'f', 'd', 'g']
    for (const limit of [1, 2, 3, 7, 100]) expect(await listAll(driver, { limit })).toEqual(expected)
    expect(await listAll(driver, { userId: 'eve' })).toEqual(['z'])
    expect(await listAll(driver, { userId: 'nobody' })).toEqual([])
  },

  'a session moves in the list when it is updated': async (driver) => {
    for (const [at, id] of ['a', 'b', 'c'].entries()) {
      await driver.sessions.create(sessionRecord(id, { updatedAt: 1_000 + at }))
    }
    await driver.append({ stream: 'a', drafts: drafts(1), session: { updatedAt: 2_000 } })
    await driver.sessions.update('b', { updatedAt: 500 })
    expect(await listAll(driver)).toEqual(['a', 'c', 'b'])
  },

  'search is a part of the title in any case; archived is a choice': async (driver) => {
    await driver.sessions.create(sessionRecord('a', { title: 'Solar ENERGY in Spain' }))
    await driver.sessions.create(sessionRecord('b', { title: 'Energy prices', archived: true }))
    await driver.sessions.create(sessionRecord('c', { title: 'Élan vital' }))
    expect(await listAll(driver, { search: 'energy' })).toEqual(['a', 'b'])
    expect(await listAll(driver, { search: 'energy', archived: false })).toEqual(['a'])
    expect(await listAll(driver, { archived: true })).toEqual(['b'])
    expect(await listAll(driver, { search: 'éLAN' })).toEqual(['c'])
    expect(await listAll(driver, { search: 'a.*' })).toEqual([])
  },

  'users with strange names are kept apart': async (driver) => {
    const users = ['ada', 'ada!', 'ada!x', 'auth0|1234', 'é\u{1f600}', '', 'ada/..', 'x'.repeat(500)]
    for (const [at, userId] of users.entries()) {
      await driver.sessions.create(sessionRecord(`s${String(at)}`, { userId }))
    }
    for (const [at, userId] of users.entries()) {
      expect(await listAll(driver, { userId })).toEqual([`s${String(at)}`])
    }
  },

  'deleted sessions leave the list, can be restored, and are found when their time is up': async (driver) => {
    for (const id of ['a', 'b', 'c']) await startSession(driver, id, 1)
    await driver.sessions.update('a', { deletedAt: 5_000 })
    await driver.sessions.update('b', { deletedAt: 6_000 })
    expect(await listAll(driver)).toEqual(['c'])
    expect((await driver.sessions.get('a'))?.deletedAt).toBe(5_000)
    expect((await driver.head('a')).offset).toBe(1)

    const due = async (time: number, limit = 10): Promise<string[]> =>
      (await driver.sessions.deletedBefore(time, limit)).map((session) => session.id)
    expect(await due(5_000)).toEqual([])
    expect(await due(5_001)).toEqual(['a'])
    expect(await due(9_000)).toEqual(['a', 'b'])
    expect(await due(9_000, 1)).toEqual(['a'])

    await driver.sessions.update('a', { deletedAt: null })
    expect(await due(9_000)).toEqual(['b'])
    await driver.delete('b')
    expect(await due(9_000)).toEqual([])
    expect(await listAll(driver)).toEqual(['a', 'c'])
  },

  'a `before` that no page gave is refused': async (driver) => {
    await expect(driver.sessions.list({ userId: 'ada', before: 'x', limit: 2 })).rejects.toMatchObject({
      code: 'invalid_request',
    })
  },
}
