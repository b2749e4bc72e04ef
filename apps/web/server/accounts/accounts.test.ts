import { getMigrations } from 'better-auth/db/migration'
import { expect, test } from 'vitest'
import { eachDatabase } from '../database/testing/each-database.ts'
import { createAccountLibrary } from './account-library.ts'
import { createAccounts } from './accounts.ts'

const secret = 'a secret for tests that is 32 bytes or more'
const ADA = { email: 'ada@example.com', password: 'nine wooden horses' }

eachDatabase('accounts', ({ open, again }) => {
  test('have the tables that the library expects', async () => {
    const { options } = createAccountLibrary({ database: await open(), secret })
    const { toBeCreated, toBeAdded } = await getMigrations(options)
    expect([toBeCreated, toBeAdded]).toEqual([[], []])
  })

  test('a person signs up, then in, whatever the case of the address', async () => {
    const accounts = createAccounts({ database: await open(), secret })
    await accounts.signUp({ email: ' Ada@Example.com', password: ADA.password })
    const account = await accounts.signIn(ADA)
    expect(account).toMatchObject({ email: 'ada@example.com', name: 'ada' })
    expect(account?.createdAt).toBeGreaterThan(Date.now() - 60_000)
    expect(account).toMatchObject((await accounts.get(account?.userId ?? '')) ?? {})
    expect(await account?.isCurrent()).toBe(true)
    expect(await accounts.signIn({ ...ADA, password: 'nine wooden horseS' })).toBeUndefined()
    expect(await accounts.signIn({ ...ADA, email: 'bob@example.com' })).toBeUndefined()
  })

  test('a guest keeps its id, and nobody else can have it', async () => {
    const accounts = createAccounts({ database: await open(), secret })
    await accounts.signUp({ ...ADA, userId: 'guest_1' })
    expect((await accounts.signIn(ADA))?.userId).toBe('guest_1')
    await expect(accounts.signUp({ ...ADA, email: 'eve@example.com', userId: 'guest_1' })).rejects.toThrow()
    expect(await accounts.signIn({ ...ADA, email: 'eve@example.com' })).toBeUndefined()
  })

  test('a taken address says nothing and changes nothing, also when two sign up at once', async () => {
    const database = await open()
    const accounts = createAccounts({ database, secret })
    const elsewhere = createAccounts({ database: await again(), secret })
    const other = { ...ADA, password: 'somebody else entirely' }
    await Promise.all([accounts.signUp(ADA), elsewhere.signUp(ADA)])
    await accounts.signUp({ ...other, userId: 'guest_2' })
    expect(await accounts.signIn(other)).toBeUndefined()
    expect((await accounts.signIn(ADA))?.userId).not.toBe('guest_2')
    const rows = await database.query.selectFrom('accounts').select('id').execute()
    expect(rows).toHaveLength(1)
  })

  test('a password is changed, and is nowhere in the tables', async () => {
    const database = await open()
    const accounts = createAccounts({ database, secret })
    await accounts.signUp(ADA)
    const account = (await accounts.signIn(ADA))!
    expect(await accounts.isPassword(account.userId, 'wrong')).toBe(false)
    expect(await accounts.isPassword(account.userId, ADA.password)).toBe(true)
    expect(await accounts.isPassword('nobody', ADA.password)).toBe(false)
    await accounts.setPassword(account, 'a better one by far')
    expect(await account.isCurrent()).toBe(false)
    expect(await accounts.signIn(ADA)).toBeUndefined()
    expect((await accounts.signIn({ ...ADA, password: 'a better one by far' }))?.userId).toBe(account.userId)
    const stored = await database.query
      .$extendTables<{ credentials: { password: string } }>()
      .selectFrom('credentials')
      .selectAll()
      .execute()
    expect(JSON.stringify(stored)).not.toMatch(/wooden|better one/)
  })

  test('an unknown address costs the same work as a wrong password', async () => {
    const accounts = createAccounts({ database: await open(), secret })
    await accounts.signUp(ADA)
    const cpuOf = async (email: string): Promise<number> => {
      const before = process.cpuUsage()
      for (let count = 0; count < 5; count += 1)
        await accounts.signIn({ email, password: 'not the password' })
      const { user } = process.cpuUsage(before)
      return user
    }
    const known = await cpuOf(ADA.email)
    const unknown = await cpuOf('bob@example.com')
    // Processor time, not waiting time: one answer without hashing would be a hundredth.
    expect(unknown / known).toBeGreaterThan(0.2)
    expect(unknown / known).toBeLessThan(5)
  })

  test('signing up with a taken address costs the same work as with a free one', async () => {
    const accounts = createAccounts({ database: await open(), secret })
    await accounts.signUp(ADA)
    const cpuOf = async (emailOf: (count: number) => string): Promise<number> => {
      const before = process.cpuUsage()
      for (let count = 0; count < 3; count += 1) {
        await accounts.signUp({ email: emailOf(count), password: 'somebody else entirely' })
      }
      return process.cpuUsage(before).user
    }
    const taken = await cpuOf(() => ADA.email)
    const free = await cpuOf((count) => `free${String(count)}@example.com`)
    expect(taken / free).toBeGreaterThan(0.2)
    expect(taken / free).toBeLessThan(5)
  })

  test.each([
    'ada',
    'a b@example.com',
    'a\u0000b@example.com',
    'ada@example.com>,eve',
    'ada@ex\u200bample.com',
    '@example.com',
    'ada@example',
    `${'a'.repeat(250)}@example.com`,
  ])('no address: %s', async (email) => {
    const accounts = createAccounts({ database: await open(), secret })
    await expect(accounts.signUp({ ...ADA, email })).rejects.toMatchObject({ status: 400 })
    await expect(accounts.signIn({ ...ADA, email })).rejects.toMatchObject({ status: 400 })
  })
})
