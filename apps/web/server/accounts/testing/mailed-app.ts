import { createRateLimit, silentLogger, type Logger } from '@throughline/server'
import { afterEach, beforeEach, expect } from 'vitest'
import type { Database } from '../../database/database.ts'
import { openMailbox, tokenIn, type Mailbox } from '../../mail/testing/mailbox.ts'
import { createPeople, type People } from '../../people.ts'
import { startAppService, type AppService } from '../../testing/app-service.ts'
import type { Answer, Person } from '../../testing/person.ts'
import { quickHashing } from '../../testing/quick-hashing.ts'
import { createMailLimits } from '../mail-limits.ts'
import { createSignInLimits } from '../sign-in-limits.ts'

export const ADA = { email: 'ada@example.com', password: 'nine wooden horses' }
export const EVE = { email: 'eve@example.com', password: 'seven iron kettles' }
export const NEXT = 'something else entirely'
export const ORIGIN = 'https://app.example.com'

/** Of the test that runs now. */
export interface Post {
  mailbox: Mailbox
  /** Each password that was hashed or compared. */
  hashes: string[]
  /** Waited for by each password that is hashed. */
  onHash: (() => Promise<void>) | undefined
  /** What is on record. */
  records: Record<string, unknown>[]
}

export const post = { hashes: [], records: [] } as unknown as Post
export const running: { app: AppService; people: People }[] = []

beforeEach(async () => {
  post.mailbox = await openMailbox()
  post.hashes = []
  post.onHash = undefined
  post.records = []
})
afterEach(async () => {
  for (const node of running.splice(0)) await stop(node)
  await post.mailbox.close()
})

const countedHashing: typeof quickHashing = {
  async hash(password) {
    post.hashes.push('hash')
    await post.onHash?.()
    return quickHashing.hash(password)
  },
  verify(entry) {
    post.hashes.push('verify')
    return quickHashing.verify(entry)
  },
}

interface StartOptions {
  readonly perAddress?: number
  readonly perNetwork?: number
  readonly driver?: AppService['driver']
}

/** An app that sends mail to `post.mailbox`. */
export async function start(database: Database, options: StartOptions = {}): Promise<AppService> {
  const { perAddress = 1_000, perNetwork = 1_000, driver } = options
  const made: { people?: People } = {}
  // No time passes for the limits, however slow the machine is.
  const rate = (_: string, perMinute: number, burst?: number) =>
    createRateLimit({ perMinute, burst, now: () => 0 })
  const note = (fields: object): void => {
    if ('audit' in fields) post.records.push({ ...fields })
  }
  const logger: Logger = { info: note, warn: note, error: note }
  const app = await startAppService(
    (parts, keys) => {
      made.people = createPeople({
        hashing: countedHashing,
        database,
        keys,
        parts,
        env: {},
        logger: silentLogger,
        limits: createSignInLimits({ rate, perAddress: 1_000, perAccount: 1_000 }),
        mail: {
          server: {
            host: '127.0.0.1',
            port: Number(new URL(post.mailbox.url).port),
            security: 'plain',
            login: undefined,
          },
          from: { name: 'Throughline', address: 'no-reply@example.com' },
          origin: ORIGIN,
        },
        mailLimits: createMailLimits({ rate, perAddress, perNetwork }),
        retryAfterMs: [50],
      })
      return made.people.routes
    },
    {},
    { logger, ...(driver !== undefined && { driver }) },
  )
  const people = made.people!
  await people.start()
  running.push({ app, people })
  return app
}

export async function stop({ app, people }: { app: AppService; people: People }): Promise<void> {
  await people.close()
  await app.close()
}

export async function guest(app: AppService, sessions: readonly string[] = []): Promise<Person> {
  const person = app.person()
  await person.call('POST', '/api/auth/guest')
  for (const id of sessions) await person.call('PUT', `/api/sessions/${id}`)
  return person
}

export const signUp = (person: Person, body: object = ADA) => person.call('POST', '/api/auth/sign-up', body)
export const signIn = (person: Person, body: object = ADA) => person.call('POST', '/api/auth/sign-in', body)
export const forget = (person: Person, email = ADA.email) =>
  person.call('POST', '/api/auth/forgot', { email })
export const confirm = (person: Person, token: string, body: object = { password: ADA.password }) =>
  person.call('POST', '/api/auth/confirm', { token, ...body })
export const reset = (person: Person, token: string, password = NEXT) =>
  person.call('POST', '/api/auth/reset', { token, password })
export const me = async (person: Person) => (await person.call('GET', '/api/auth/me')).json
export const sessionsOf = async (person: Person) => {
  const { json } = await person.call('GET', '/api/sessions')
  return (json['sessions'] as readonly { id: string }[]).map(({ id }) => id).toSorted()
}
export const linkFor = async (email = ADA.email): Promise<string> => tokenIn(await post.mailbox.next(email))

/** Somebody with a confirmed account, signed in. */
export async function confirmed(app: AppService, credentials = ADA): Promise<Person> {
  const person = app.person()
  await signUp(person, credentials)
  const { status } = await confirm(person, await linkFor(credentials.email), {
    password: credentials.password,
  })
  expect(status).toBe(200)
  return person
}

/** All that a stranger sees of an answer. */
export function seen({ status, headers, text }: Answer): unknown {
  return [status, [...headers].filter(([name]) => name !== 'date'), text]
}
