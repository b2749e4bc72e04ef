import { createHash } from 'node:crypto'
import type { PasswordHashing } from '../accounts/account-library.ts'

/** Passwords hashed at no cost, for tests of everything but the hashing. */
export const quickHashing: PasswordHashing = {
  hash: (password) => Promise.resolve(digest(password)),
  verify: ({ hash, password }) => Promise.resolve(hash === digest(password)),
}

function digest(password: string): string {
  return createHash('sha256').update(password).digest('hex')
}
