import { readConfig } from '@throughline/server'
import { expect, test } from 'vitest'
import { readMailSettings } from './mail-settings.ts'

const FROM = 'Throughline <no-reply@example.com>'
const read = (env: Record<string, string>) => readMailSettings(env, readConfig(env))

test('no mail is set up unless it is said where it goes', () => {
  expect(read({})).toBeUndefined()
  expect(read({ SMTP_URL: ' ', MAIL_FROM: '' })).toBeUndefined()
})

test('a server is read with its login, and links lead to the public address', () => {
  const PUBLIC_URL = 'https://app.example.com'
  expect(
    read({ SMTP_URL: 'smtps://ada%40a:p%3A%2Fw@mail.example.com', MAIL_FROM: FROM, PUBLIC_URL }),
  ).toEqual({
    server: { host: 'mail.example.com', port: 465, security: 'tls', login: { user: 'ada@a', pass: 'p:/w' } },
    from: { name: 'Throughline', address: 'no-reply@example.com' },
    origin: PUBLIC_URL,
  })
})

test.each([
  ['smtp://mail.example.com', 587, 'starttls'],
  ['smtp://mail.example.com:2525', 2525, 'starttls'],
  ['smtp://127.0.0.1:25', 25, 'plain'],
  ['smtp://localhost.example.com', 587, 'starttls'],
  ['smtp://[::1]:25', 25, 'plain'],
])('nothing is said unencrypted but on this machine: %s', (SMTP_URL, port, security) => {
  const settings = read({ SMTP_URL, MAIL_FROM: 'a@example.com' })
  expect(settings?.server).toMatchObject({ port, security })
  expect(settings?.origin).toBe('http://127.0.0.1:3000')
})

test.each([
  [{ MAIL_FROM: FROM }, 'SMTP_URL'],
  [{ SMTP_URL: 'smtps://u:secret-word@h' }, 'MAIL_FROM'],
  [{ SMTP_URL: 'smtps://u:secret-word@h', MAIL_FROM: 'nobody' }, 'MAIL_FROM'],
  [{ SMTP_URL: 'smtps://u:secret-word@h', MAIL_FROM: 'a@b.c\r\nBcc: d@e.f' }, 'MAIL_FROM'],
  [{ SMTP_URL: 'https://u:secret-word@h', MAIL_FROM: FROM }, 'SMTP_URL'],
  [{ SMTP_URL: 'u:secret-word@h', MAIL_FROM: FROM }, 'SMTP_URL'],
  [{ SMTP_URL: 'smtps://u@h', MAIL_FROM: FROM }, 'SMTP_URL'],
  [{ SMTP_URL: 'smtps://u:secret-word%zz@h', MAIL_FROM: FROM }, 'SMTP_URL'],
  [{ SMTP_URL: 'smtps://u:secret-word@h?tls=off', MAIL_FROM: FROM }, 'SMTP_URL'],
  [
    {
      SMTP_URL: 'smtps://u:secret-word@h',
      MAIL_FROM: FROM,
      NODE_ENV: 'production',
      HOST: '0.0.0.0',
      JWT_SECRET: '0123456789abcdef0123456789abcdef',
    },
    'PUBLIC_URL',
  ],
])('A7 what is wrong is said without the password: %j', (env: Record<string, string>, named) => {
  const wrong = (): unknown => read(env)
  expect(wrong).toThrow(named)
  expect(wrong).not.toThrow('secret-word')
})
