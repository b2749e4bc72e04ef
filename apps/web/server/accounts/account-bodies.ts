import { StreamError } from '@throughline/protocol'
import { readJson, type Call } from '@throughline/server'
import type { Credentials } from './accounts.ts'

const BODY_BYTES = 4_096
/** What is hashed has a bound, whatever the rules for new passwords are. */
const MAX_TEXT = 1_024

/** What becomes of a guest's conversations. */
export type GuestSessions = 'move' | 'delete'

/** What a mail is written in. */
export type MailLanguage = 'en' | 'de'

type Fields = Readonly<Record<string, unknown>>

async function readFields({ request }: Call): Promise<Fields> {
  const body = await readJson(request, BODY_BYTES)
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return { ...body }
  throw invalid('Send a JSON object.')
}

function text(fields: Fields, name: string): string {
  const value = fields[name]
  if (typeof value === 'string' && value.length <= MAX_TEXT) return value
  throw invalid(`${name} must be text of at most ${MAX_TEXT} characters.`)
}

/** One of some words, or nothing. */
function word<T extends string>(fields: Fields, name: string, words: readonly T[]): T | undefined {
  const value = fields[name]
  const known = words.find((one) => one === value)
  if (known !== undefined || value === undefined) return known
  throw invalid(`${name} must be ${words.map((one) => `"${one}"`).join(' or ')}.`)
}

const guestSessions = (fields: Fields): GuestSessions | undefined =>
  word(fields, 'guestSessions', ['move', 'delete'])

const language = (fields: Fields): MailLanguage => word(fields, 'language', ['en', 'de']) ?? 'en'

/** @throws StreamError 400 */
export async function readCredentialsBody(
  call: Call,
): Promise<
  Credentials & { readonly guestSessions: GuestSessions | undefined; readonly language: MailLanguage }
> {
  const fields = await readFields(call)
  return {
    email: text(fields, 'email'),
    password: text(fields, 'password'),
    guestSessions: guestSessions(fields),
    language: language(fields),
  }
}

/** Whose password was forgotten. @throws StreamError 400 */
export async function readForgotten(
  call: Call,
): Promise<{ readonly email: string; readonly language: MailLanguage }> {
  const fields = await readFields(call)
  return { email: text(fields, 'email'), language: language(fields) }
}

/** What the page behind a mailed link sends. @throws StreamError 400 */
export async function readLinkUse(call: Call): Promise<{
  readonly token: string
  readonly password: string
  readonly guestSessions: GuestSessions | undefined
}> {
  const fields = await readFields(call)
  return {
    token: text(fields, 'token'),
    password: text(fields, 'password'),
    guestSessions: guestSessions(fields),
  }
}

/** @throws StreamError 400 */
export async function readPasswordChange(
  call: Call,
): Promise<{ readonly current: string; readonly next: string }> {
  const fields = await readFields(call)
  return { current: text(fields, 'current'), next: text(fields, 'next') }
}

/** The password that confirms a deletion; guests have none. @throws StreamError 400 */
export async function readConfirmation(call: Call): Promise<string | undefined> {
  const fields = await readFields(call)
  return fields['password'] === undefined ? undefined : text(fields, 'password')
}

function invalid(message: string): StreamError {
  return new StreamError('invalid_request', message, { status: 400 })
}
