import { StreamError } from '@throughline/protocol'
import type { CommandAccepted, SendMessage } from '@throughline/protocol'
import { backoffMs } from '../connection/backoff.ts'
import type { Environment, Timer } from '../environment.ts'
import type { OutgoingMessage } from '../session/snapshot.ts'

/** Most messages that wait at once. */
const MAX_OUTGOING = 100

/** How messages are sent and who is told. */
export interface OutboxOptions {
  readonly environment: Environment
  readonly post: (message: SendMessage) => Promise<CommandAccepted>
  /** The list of entries is another one now. */
  readonly onChange: () => void
}

/** Messages that the server has not shown yet, sent one after the other until each is accepted or refused. */
export interface Outbox {
  readonly entries: readonly OutgoingMessage[]
  /** @throws StreamError what the server refused it with, or `rate_limited` when too many wait. */
  send(message: OutgoingMessage): Promise<CommandAccepted>
  /** Sends a refused message again. */
  retry(id: string): Promise<CommandAccepted>
  discard(id: string): void
  /** Lets go of what has arrived in the stream. */
  arrived(has: (id: string) => boolean): void
  /** Goes on with what was left from before. */
  restore(messages: readonly OutgoingMessage[]): void
  /** The network is back: tries at once. */
  wake(): void
  /** Rejects and forgets everything. */
  clear(): void
  /** Sends nothing any longer; what waits stays. */
  close(): void
}

interface Entry {
  message: OutgoingMessage
  accepted: boolean
  readonly resolve: (accepted: CommandAccepted) => void
  readonly reject: (error: StreamError) => void
}

/** Every try of a message carries its id, so that trying again can never send it twice. */
export function createOutbox({ environment, post, onChange }: OutboxOptions): Outbox {
  let entries: Entry[] = []
  let shown: readonly OutgoingMessage[] = []
  let isSending = false
  let isClosed = false
  let timer: Timer
  let wake = (): void => undefined

  const changed = (next: Entry[]): void => {
    entries = next
    shown = entries.map(({ message }) => message)
    onChange()
  }

  const replace = (entry: Entry, change: Partial<OutgoingMessage>): void => {
    entry.message = { ...entry.message, ...change }
    changed(entries)
  }

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      wake = () => {
        environment.clearTimer(timer)
        resolve()
      }
      timer = environment.setTimer(resolve, ms)
    })

  const sendAll = async (): Promise<void> => {
    if (isSending) return
    isSending = true
    let failures = 0
    for (let entry = nextOf(entries); entry !== undefined && !isClosed; entry = nextOf(entries)) {
      const { id, content, parentId, attachments } = entry.message
      try {
        const accepted = await post({
          content,
          clientMessageId: id,
          ...(parentId === undefined ? {} : { parentId }),
          ...(attachments.length === 0 ? {} : { attachments }),
        })
        failures = 0
        entry.accepted = true
        entry.resolve(accepted)
      } catch (cause) {
        const error = asStreamError(cause)
        if (error.retryable) await pause(backoffMs(failures++, environment.random, {}, error.retryAfterMs))
        else refuse(entry, error)
      }
    }
    isSending = false
  }

  const refuse = (entry: Entry, error: StreamError): void => {
    replace(entry, { state: 'failed', error })
    entry.reject(error)
  }

  const add = (message: OutgoingMessage, others: readonly Entry[]): Promise<CommandAccepted> => {
    const promise = new Promise<CommandAccepted>((resolve, reject) => {
      changed([...others, { message, accepted: false, resolve, reject }])
    })
    // The entry shows the refusal, so whoever does not look at the promise misses nothing.
    promise.catch(() => undefined)
    void sendAll()
    return promise
  }

  const without = (id: string): Entry[] => entries.filter(({ message }) => message.id !== id)

  return {
    get entries() {
      return shown
    },
    send(message) {
      if (entries.length < MAX_OUTGOING) return add(message, entries)
      return Promise.reject(new StreamError('rate_limited', 'Too many messages are waiting to be sent.'))
    },
    retry(id) {
      const entry = entries.find(({ message }) => message.id === id && message.state === 'failed')
      if (entry === undefined) {
        return Promise.reject(new StreamError('not_found', 'There is no refused message of this id.'))
      }
      return add({ ...entry.message, state: 'sending', error: null }, without(id))
    },
    discard(id) {
      const gone = entries.filter(({ message }) => message.id === id)
      changed(without(id))
      for (const entry of gone) entry.reject(new StreamError('conflict', 'The message was discarded.'))
    },
    arrived(has) {
      const left = entries.filter(({ message }) => !has(message.id))
      if (left.length < entries.length) changed(left)
    },
    restore(messages) {
      const fresh = messages.filter(({ id }) => !entries.some(({ message }) => message.id === id))
      if (fresh.length === 0) return
      const nobody = (): void => undefined
      changed([
        ...fresh.map((message) => ({ message, accepted: false, resolve: nobody, reject: nobody })),
        ...entries,
      ])
      void sendAll()
    },
    wake() {
      wake()
    },
    close() {
      isClosed = true
      environment.clearTimer(timer)
    },
    clear() {
      const gone = entries
      changed([])
      for (const entry of gone) entry.reject(new StreamError('conflict', 'The message was discarded.'))
      wake()
    },
  }
}

function nextOf(entries: readonly Entry[]): Entry | undefined {
  return entries.find(({ message, accepted }) => message.state === 'sending' && !accepted)
}

function asStreamError(cause: unknown): StreamError {
  if (cause instanceof StreamError) return cause
  return new StreamError('network_error', 'The message could not be sent.', { cause })
}
