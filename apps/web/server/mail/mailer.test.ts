import { expect, onTestFinished, test } from 'vitest'
import type { MailServer } from './mail-settings.ts'
import { createMailer, type Mail, type Mailer } from './mailer.ts'
import { openMailbox, type Mailbox } from './testing/mailbox.ts'

const MAIL: Mail = {
  id: 'letter',
  to: 'ada@example.com',
  language: 'en',
  subject: 'Grüße',
  text: 'Hello\n',
  html: '<p>Hello</p>',
}

async function open(server: Partial<MailServer> = {}): Promise<{ mailbox: Mailbox; mailer: Mailer }> {
  const mailbox = await openMailbox()
  onTestFinished(() => mailbox.close())
  const port = Number(new URL(mailbox.url).port)
  const mailer = createMailer({
    server: { host: '127.0.0.1', port, security: 'plain', login: undefined, ...server },
    from: { name: 'Throughline', address: 'no-reply@example.com' },
    origin: 'https://app.example.com',
  })
  return { mailbox, mailer }
}

const patient = (): AbortSignal => AbortSignal.timeout(20_000)

test('a mail arrives as it was written, under a name that stays when it is sent again', async () => {
  const { mailbox, mailer } = await open()
  expect(await mailer.send(MAIL, patient())).toBeUndefined()
  expect(await mailer.send(MAIL, patient())).toBeUndefined()
  const { subject, text, html } = MAIL
  const messageId = '<letter@app.example.com>'
  const [first, second] = [await mailbox.next(MAIL.to), await mailbox.next(MAIL.to)]
  expect(first).toMatchObject({ subject, messageId, html: expect.stringContaining(html) })
  expect(first.text.trim()).toBe(text.trim())
  expect(second.messageId).toBe(messageId)
})

test('A7 a server that offers no encryption is told nothing', async () => {
  const { mailbox, mailer } = await open({
    security: 'starttls',
    login: { user: 'ada', pass: 'secret-word' },
  })
  expect(await mailer.send(MAIL, patient())).toMatchObject({ reason: 'mail_server' })
  expect(mailbox.received).toEqual([])
})

test('what may be mended is told from what is final, and names no secret', async () => {
  const { mailbox, mailer } = await open()
  const failures = []
  for (const status of [450, 550]) {
    mailbox.refuse(status)
    failures.push(await mailer.send(MAIL, patient()))
  }
  await mailbox.down()
  failures.push(await mailer.send(MAIL, patient()))
  failures.push(await mailer.send(MAIL, AbortSignal.abort()))
  expect(failures).toEqual([
    { reason: 'mail_server', status: 450 },
    { reason: 'mail_refused', status: 550 },
    { reason: 'mail_server', status: undefined },
    { reason: 'mail_server', status: undefined },
  ])
})
