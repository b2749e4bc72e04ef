import { ConfigError, type Config } from '@throughline/server'

/** The server that mails go through. */
export interface MailServer {
  readonly host: string
  readonly port: number
  /** `tls`: from the first byte; `starttls`: before anything is said; `plain`: on this machine alone. */
  readonly security: 'tls' | 'starttls' | 'plain'
  readonly login: { readonly user: string; readonly pass: string } | undefined
}

/** An address with the name that is shown beside it. */
export interface Mailbox {
  readonly name: string
  readonly address: string
}

export interface MailSettings {
  readonly server: MailServer
  readonly from: Mailbox
  /** Where links lead. Never what a request says: whoever sends one could have mails lead elsewhere. */
  readonly origin: string
}

const DEFAULT_PORT = { 'smtp:': 587, 'smtps:': 465 } as const

/**
 * `SMTP_URL` and `MAIL_FROM`; nothing, when mail is not set up.
 * @throws ConfigError that repeats no part of the address, which has a password in it
 */
export function readMailSettings(
  env: Readonly<Record<string, string | undefined>>,
  { ownOrigin, production, origins }: Pick<Config, 'ownOrigin' | 'production' | 'origins'>,
): MailSettings | undefined {
  const [url, sender] = [env['SMTP_URL']?.trim() ?? '', env['MAIL_FROM']?.trim() ?? '']
  if (url === '' && sender === '') return undefined
  const server = readServer(url)
  const from = readMailbox(sender)
  const problems: string[] = []
  if (url === '') problems.push('MAIL_FROM alone sends nothing: set SMTP_URL, too')
  else if (server === undefined) {
    problems.push('SMTP_URL must be like smtps://user:password@mail.example.com, its parts percent-encoded')
  }
  if (from === undefined) problems.push('MAIL_FROM must be like Throughline <throughline@example.com>')
  if (production && origins.publicOrigin === undefined) {
    problems.push('SMTP_URL needs PUBLIC_URL: mails have links, and those lead there')
  }
  if (server === undefined || from === undefined || problems.length > 0) throw new ConfigError(problems)
  return { server, from, origin: ownOrigin }
}

function readServer(text: string): MailServer | undefined {
  if (!URL.canParse(text)) return undefined
  const { protocol, hostname, port, username, password, pathname, search, hash } = new URL(text)
  if ((protocol !== 'smtp:' && protocol !== 'smtps:') || hostname === '') return undefined
  if (search !== '' || hash !== '' || !['', '/'].includes(pathname)) return undefined
  const [user, pass] = [decoded(username), decoded(password)]
  if (user === undefined || pass === undefined || (user === '') !== (pass === '')) return undefined
  const host = hostname.replace(/^\[|\]$/g, '')
  return {
    host,
    port: port === '' ? DEFAULT_PORT[protocol] : Number(port),
    security: protocol === 'smtps:' ? 'tls' : isLoopback(host) ? 'plain' : 'starttls',
    login: user === '' ? undefined : { user, pass },
  }
}

function readMailbox(text: string): Mailbox | undefined {
  const [, name = '', bracketed, bare] = /^(?:([^<>"\r\n]*)<([^<>\s]+)>|([^<>\s]+))$/.exec(text) ?? []
  const address = bracketed ?? bare ?? ''
  return /^[^\s@,;]+@[^\s@,;]+$/.test(address) ? { name: name.trim(), address } : undefined
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part)
  } catch {
    return undefined
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}
