import { StreamError } from '@throughline/protocol'
import { readJson, type Call } from '@throughline/server'
import type { Credentials } from './accounts.ts'

const BODY_BYTES = 4_096
/** What is hashed has a bound, whatever the rules for new passwords are. */
const MAX_TEXT = 1_024

/** What becomes of a guest's conversations. */
export type GuestSessions = 'move' | 'delete'

async function readFields({ request }: Call): Promise<Readonly<Record<string, unknown>>> {
  const body = await readJson(request, BODY_BYTES)
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return { ...body }
  throw invalid('Send a JSON object.')
}

function text(fields: Readonly<Record<string, unknown>>, name: string): string {
  const value = fields[name]
  if (typeof value === 'string' && value.length <= MAX_TEXT) return value
  throw invalid(`${name} must be text of at most ${MAX_TEXT} characters.`)
}

/** @throws StreamError 400 */
export async function readCredentialsBody(
  call: Call,
): Promise<Credentials & { readonly guestSessions: GuestSessions | undefined }> {
  const fields = await readFields(call)
  const guestSessions = fields['guestSessions']
  if (guestSessions !== undefined && guestSessions !== 'move' && guestSessions !== 'delete') {
    throw invalid('guestSessions must be "move" or "delete".')
  }
  return { email: text(fields, 'email'), password: text(fields, 'password'), guestSessions }
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
