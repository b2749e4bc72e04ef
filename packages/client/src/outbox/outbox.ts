import { StreamError } from '@throughline/protocol'
import type { CommandAccepted } from '@throughline/protocol'
import { backoffMs } from '../connection/backoff.ts'
import type { Environment, Timer } from '../environment.ts'
import type { LeftCommand } from '../local/local-store.ts'
import { isAboutRun, isOver } from './command.ts'
import type { Command, CommandRecord, OutboxEntry } from './command.ts'

/** Most commands that wait at once. */
const MAX_WAITING = 100
/** Most that are over and still shown. */
const MAX_OVER = 20
/** Tries of a command that the server itself fails at: whatever is wrong with it must not hold up the others. */
const MAX_FAILURES = 5

/** How commands are sent and who is told. */
export interface OutboxOptions extends CommandRecord {
  readonly environment: Environment
  /** @throws StreamError */
  readonly deliver: (entry: OutboxEntry) => Promise<CommandAccepted>
  /** The list of entries is another one now; `urgent` when a person should see it at once. */
  readonly onChange: (urgent: boolean) => void
}

/**
 * Commands of one session, each sent until it is accepted, refused or too late.
 *
 * Those that begin something (messages, runs) go in the order they were given, and so do those that talk to a run; the two
 * do not wait for one another, for a stop must not stand behind a message that is asked to come again later.
 */
export interface Outbox {
  /** Oldest first: those that wait or were refused, and the newest 20 of those that are over. */
  readonly entries: readonly OutboxEntry[]
  /**
   * Resolves with what the server answered, or with `undefined` when it came too late.
   * @throws StreamError what the server refused it with, or `rate_limited` when too many wait.
   */
  add(id: string, command: Command): Promise<CommandAccepted | undefined>
  /** Sends a refused command again. @throws StreamError */
  retry(id: string): Promise<CommandAccepted | undefined>
  /** Takes a command back, here at once and in all tabs. `true`: none of them ever sent it, so it will not happen. */
  discard(id: string): Promise<boolean>
  /** Goes on with what was left from before. */
  restore(left: readonly LeftCommand[]): void
  /** The network is back, or somebody signed in: tries at once. */
  wake(): void
  /** Rejects and forgets everything. */
  clear(): void
  /** Sends nothing any longer; what waits stays. */
  close(): void
}

interface Slot {
  entry: OutboxEntry
  tries: number
  failures: number
  readonly resolve: (accepted: CommandAccepted | undefined) => void
  readonly reject: (error: StreamError) => void
}

interface Lane {
  readonly takes: (command: Command) => boolean
  isSending: boolean
  timer: Timer
  wake: () => void
}

export function createOutbox(options: OutboxOptions): Outbox {
  const { environment, deliver, onChange, begin, retract } = options
  let slots: Slot[] = []
  let entries: readonly OutboxEntry[] = []
  let isClosed = false
  const lanes = [isAboutRun, (command: Command) => !isAboutRun(command)].map((takes): Lane => ({
    takes,
    isSending: false,
    timer: undefined,
    wake: () => undefined,
  }))

  const changed = (next: readonly Slot[], urgent = true): void => {
    const over = next.filter(({ entry }) => isOver(entry))
    const gone = new Set(over.slice(0, Math.max(0, over.length - MAX_OVER)))
    slots = next.filter((slot) => !gone.has(slot))
    entries = slots.map(({ entry }) => entry)
    onChange(urgent)
  }
  const update = (slot: Slot, change: Partial<OutboxEntry>): void => {
    slot.entry = { ...slot.entry, ...change }
    // One that was taken back meanwhile is nobody's business any longer.
    // What was accepted comes over the stream, all of it together.
    if (slots.includes(slot)) changed(slots, change.state !== 'applied')
  }

  /** Waits so long, or without an end, until it is woken. */
  const pause = (lane: Lane, ms: number): Promise<void> =>
    new Promise((resolve) => {
      lane.wake = () => {
        environment.clearTimer(lane.timer)
        resolve()
      }
      if (ms < Infinity) lane.timer = environment.setTimer(resolve, ms)
    })

  const next = (lane: Lane): Slot | undefined =>
    isClosed ? undefined : slots.find(({ entry }) => entry.state === 'pending' && lane.takes(entry.command))

  const sendAll = async (lane: Lane): Promise<void> => {
    if (lane.isSending) return
    lane.isSending = true
    for (let slot = next(lane); slot !== undefined; slot = next(lane)) {
      const waitMs = await attempt(slot)
      if (waitMs > 0) await pause(lane, waitMs)
    }
    lane.isSending = false
  }

  /** One try. Answers how long to wait before the next of whatever comes next, ms. */
  const attempt = async (slot: Slot): Promise<number> => {
    try {
      const isWanted = await begin(slot.entry)
      if (isClosed || !slots.includes(slot)) return 0
      if (!isWanted) {
        drop(slot)
        return 0
      }
      slot.tries++
      const accepted = await deliver(slot.entry)
      update(slot, { state: 'applied', appliedAt: accepted.cursor, error: null })
      slot.resolve(accepted)
      return 0
    } catch (cause) {
      return judge(slot, asStreamError(cause))
    }
  }

  const drop = (slot: Slot): void => {
    changed(slots.filter((other) => other !== slot))
    slot.reject(discarded())
  }

  const judge = (slot: Slot, error: StreamError): number => {
    const { command } = slot.entry
    if (error.status === 409 && isAboutRun(command)) {
      update(slot, { state: 'late', error: null })
      slot.resolve(undefined)
      return 0
    }
    if (error.status === 401) {
      update(slot, { error })
      return Infinity
    }
    if (isFault(error)) slot.failures++
    if (!error.retryable || slot.failures >= MAX_FAILURES) {
      update(slot, { state: 'rejected', error })
      slot.reject(error)
      return 0
    }
    update(slot, { error })
    return backoffMs(slot.tries - 1, environment.random, {}, error.retryAfterMs)
  }

  const start = (): void => {
    for (const lane of lanes) void sendAll(lane)
  }
  const put = (entry: OutboxEntry, others: readonly Slot[]): Promise<CommandAccepted | undefined> => {
    const promise = new Promise<CommandAccepted | undefined>((resolve, reject) => {
      changed([...others, { entry, tries: 0, failures: 0, resolve, reject }])
    })
    // The entry shows the refusal, so whoever does not look at the promise misses nothing.
    promise.catch(() => undefined)
    start()
    return promise
  }

  return {
    get entries() {
      return entries
    },
    add(id, command) {
      const waiting = slots.filter(({ entry }) => !isOver(entry))
      if (waiting.length >= MAX_WAITING)
        return Promise.reject(new StreamError('rate_limited', 'Too many commands are waiting to be sent.'))
      const createdAt = environment.now()
      return put({ id, command, createdAt, state: 'pending', appliedAt: null, error: null }, slots)
    },
    retry(id) {
      const slot = slots.find(({ entry }) => entry.id === id && entry.state === 'rejected')
      if (slot === undefined)
        return Promise.reject(new StreamError('not_found', 'There is no refused command of this id.'))
      const others = slots.filter((other) => other !== slot)
      return put({ ...slot.entry, state: 'pending', error: null }, others)
    },
    async discard(id) {
      const slot = slots.find(({ entry }) => entry.id === id)
      if (slot === undefined) return false
      // In all tabs before it goes from here: what is gone from here is forgotten there.
      const isSure = isOver(slot.entry) ? false : retract(id)
      drop(slot)
      return (await isSure) && slot.tries === 0
    },
    restore(left) {
      const fresh = left.filter((stored) => !slots.some(({ entry }) => entry.id === stored.entry.id))
      if (fresh.length === 0) return
      const nobody = (): void => undefined
      changed([
        ...fresh.map(({ entry, sent }) => ({
          entry,
          tries: sent ? 1 : 0,
          failures: 0,
          resolve: nobody,
          reject: nobody,
        })),
        ...slots,
      ])
      start()
    },
    wake() {
      for (const lane of lanes) lane.wake()
    },
    clear() {
      const gone = slots
      changed([])
      for (const slot of gone) slot.reject(discarded())
      for (const lane of lanes) lane.wake()
    },
    close() {
      isClosed = true
      for (const lane of lanes) environment.clearTimer(lane.timer)
    },
  }
}

/** A command that was given up before it was accepted. */
function discarded(): StreamError {
  return new StreamError('conflict', 'The command was discarded.')
}

/** The server stumbled over this very command; 502 to 504 say that it could not be asked. */
function isFault({ status = 0 }: StreamError): boolean {
  return status >= 500 && (status < 502 || status > 504)
}

function asStreamError(cause: unknown): StreamError {
  if (cause instanceof StreamError) return cause
  return new StreamError('network_error', 'The command could not be sent.', { cause })
}
