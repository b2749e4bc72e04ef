import { expect, test } from 'vitest'
import { checkNewPassword } from './password-rules.ts'

const EMAIL = 'adalovelace@example.com'

test.each([
  ['short', /at least 10/],
  ['x'.repeat(129), /at most 128/],
  ['aaaaaaaaaaaa', /different/],
  ['abababababab', /different/],
  ['adalovelace@example.com', /e-mail/],
  ['AdaLovelace1815', /e-mail/],
  ['Password123!', /list/],
  ['1234567890', /list/],
  ['qwertyuiop', /list/],
])('%s is refused', (password, reason) => {
  expect(() => checkNewPassword(password, EMAIL)).toThrow(reason)
})

test.each([
  'nine wooden horses',
  'ни один из них',
  '密码密码一二三四五六七',
  'passwords are for people who like them',
  '0x1f 0x2e 0x3d',
])('%s is let in', (password) => {
  expect(() => checkNewPassword(password, EMAIL)).not.toThrow()
})
