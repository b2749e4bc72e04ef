import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import PostalMime from 'postal-mime'
import { SMTPServer } from 'smtp-server'

/** A mail as it arrived. */
export interface ReceivedMail {
  readonly to: string
  readonly from: string
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly messageId: string
}

/** A mail server of its own on a free port that keeps what it is given. */
export interface Mailbox {
  /** For `SMTP_URL`. */
  readonly url: string
  readonly received: readonly ReceivedMail[]
  /** The next one to an address that was not taken before, as soon as it is there. */
  next(to: string): Promise<ReceivedMail>
  /** Nobody listens any more, until `up`. */
  down(): Promise<void>
  up(): Promise<void>
  /** Answers every recipient with this status; `undefined`: takes them. */
  refuse(status: number | undefined): void
  close(): Promise<void>
}

const WITHIN_MS = 30_000

export async function openMailbox(): Promise<Mailbox> {
  const received: ReceivedMail[] = []
  const taken = new Set<ReceivedMail>()
  let refusal: number | undefined
  let port = 0
  let server: SMTPServer | undefined

  const create = (): SMTPServer =>
    new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      logger: false,
      onRcptTo(_, __, callback) {
        if (refusal === undefined) callback()
        else callback(Object.assign(new Error('not taken'), { responseCode: refusal }))
      },
      onData(stream, session, callback) {
        text(stream)
          .then(async (raw) => {
            const mail = await PostalMime.parse(raw)
            for (const { address } of session.envelope.rcptTo) {
              received.push({
                to: address,
                from: mail.from?.address ?? '',
                subject: mail.subject ?? '',
                text: mail.text ?? '',
                html: mail.html ?? '',
                messageId: mail.messageId ?? '',
              })
            }
            callback()
          })
          .catch((error: unknown) => {
            callback(error instanceof Error ? error : new Error(String(error)))
          })
      },
    })

  const up = async (): Promise<void> => {
    const next = create()
    next.on('error', () => undefined)
    await new Promise<void>((resolve, reject) => {
      const listening = next.listen(port, '127.0.0.1', resolve)
      listening.once('error', reject)
      server = next
    })
    port = (server?.server.address() as AddressInfo).port
  }
  const down = async (): Promise<void> => {
    const running = server
    server = undefined
    await new Promise<void>((resolve) => {
      if (running === undefined) resolve()
      else running.close(resolve)
    })
  }

  await up()
  return {
    url: `smtp://127.0.0.1:${String(port)}`,
    received,
    async next(to) {
      const deadline = Date.now() + WITHIN_MS
      while (Date.now() < deadline) {
        const mail = received.find((one) => one.to === to && !taken.has(one))
        if (mail !== undefined) {
          taken.add(mail)
          return mail
        }
        await wait(10)
      }
      throw new Error(`No mail came to ${to}; there is ${JSON.stringify(received)}`)
    },
    down,
    up,
    refuse(status) {
      refusal = status
    },
    close: down,
  }
}

/** The secret behind the # of the link in a mail. */
export function tokenIn({ text: body }: ReceivedMail): string {
  const token = /#(\S+)/.exec(body)?.[1]
  if (token === undefined) throw new Error(`There is no link with a secret in: ${body}`)
  return token
}
