import { StreamError } from '@throughline/protocol'

/** Shortest password, in characters. */
export const MIN_PASSWORD = 10
/** Longest, in characters: what is hashed has a bound. */
export const MAX_PASSWORD = 128

/** Fewest different characters. */
const MIN_DIFFERENT = 5

/** Beginnings of the long passwords that lists of leaked ones are full of. */
const COMMON = ['password', 'passw0rd', '1234567', 'qwerty', 'abcdefg', 'iloveyou', 'letmein', 'throughline']

/** Refuses passwords that are guessed first. Length counts; composition is up to the person. @throws StreamError 400 */
export function checkNewPassword(password: string, email: string): void {
  const { length } = Array.from(password)
  if (length < MIN_PASSWORD) refuse(`Use at least ${MIN_PASSWORD} characters.`)
  if (length > MAX_PASSWORD) refuse(`Use at most ${MAX_PASSWORD} characters.`)
  if (new Set(password).size < MIN_DIFFERENT) refuse('Use more different characters.')
  const plain = password.toLowerCase()
  const [name = ''] = email.split('@')
  if (
    plain.includes(email) ||
    (name.length >= 4 && plain.replace(/[\d\W_]/g, '') === name.replace(/[\d\W_]/g, ''))
  ) {
    refuse('Use something else than your e-mail address.')
  }
  // A common word with digits after it is as common.
  if (COMMON.some((common) => plain.startsWith(common) && length < common.length + 6)) {
    refuse('That password is on every list: use another one, several words for instance.')
  }
}

function refuse(message: string): never {
  throw new StreamError('invalid_request', message, { status: 400 })
}
