import { createTransport } from 'nodemailer'
import type { AuditReason } from '@throughline/server'
import type { MailSettings } from './mail-settings.ts'

export interface Mail {
  /** Names it, so that what is sent twice is one mail to whoever receives it. */
  readonly id: string
  readonly to: string
  readonly language: string
  readonly subject: string
  readonly text: string
  readonly html: string
}

/** Why a mail did not leave. */
export interface MailFailure {
  readonly reason: Extract<AuditReason, 'mail_server' | 'mail_refused'>
  /** Of the SMTP answer: there is no secret in a number. */
  readonly status: number | undefined
}

/** Hands mails to the server that delivers them. */
export interface Mailer {
  /** What went wrong, or nothing. Never throws. */
  send(mail: Mail, signal: AbortSignal): Promise<MailFailure | undefined>
}

const CONNECT_WITHIN_MS = 10_000
const SILENT_FOR_MS = 30_000

/** One connection a mail: there are few, and each is gone with it. */
export function createMailer({ server, from, origin }: MailSettings): Mailer {
  const { host, port, security, login } = server
  const transport = createTransport({
    host,
    port,
    secure: security === 'tls',
    // A server, or somebody between, that offers no encryption is told nothing.
    requireTLS: security === 'starttls',
    ...(login !== undefined && { auth: login }),
    connectionTimeout: CONNECT_WITHIN_MS,
    greetingTimeout: CONNECT_WITHIN_MS,
    dnsTimeout: CONNECT_WITHIN_MS,
    socketTimeout: SILENT_FOR_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const { hostname } = new URL(origin)
  return {
    async send({ id, to, language, subject, text, html }, signal) {
      try {
        await transport.sendMail({
          from: { ...from },
          to: { name: '', address: to },
          subject,
          text,
          html,
          messageId: `<${id}@${hostname}>`,
          // So that out-of-office replies stay away.
          headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': language },
          signal,
        })
        return undefined
      } catch (error) {
        return failureOf(error)
      }
    },
  }
}

/** What the server says of the address or the mail is for good; the rest may be mended. */
function failureOf(error: unknown): MailFailure {
  const { code, responseCode } = error as { readonly code?: unknown; readonly responseCode?: unknown }
  const status = typeof responseCode === 'number' ? responseCode : undefined
  const final = (code === 'EENVELOPE' || code === 'EMESSAGE') && status !== undefined && status >= 500
  return { reason: final ? 'mail_refused' : 'mail_server', status }
}
