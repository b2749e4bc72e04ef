import type { Envelope } from '@throughline/protocol'
import { createConnection } from '../connection/connection.ts'
import type { BackoffOptions } from '../connection/backoff.ts'
import type { RefreshOutcome } from '../connection/input.ts'
import { makeEnvelopes } from './envelopes.ts'
import { createFakeEnvironment } from './fake-environment.ts'
import { createScriptedTransport } from './scripted-transport.ts'

export interface ConnectionWorldOptions {
  readonly backoff?: BackoffOptions
  readonly poll?: boolean
  readonly outcomes?: readonly RefreshOutcome[]
}

/** A connection on scripted transports, with a sink that only takes notes. */
export function createConnectionWorld({
  backoff = {},
  poll = false,
  outcomes = [],
}: ConnectionWorldOptions = {}) {
  const environment = createFakeEnvironment()
  const stream = createScriptedTransport('stream')
  const polling = createScriptedTransport('poll')
  const received: Envelope[] = []
  const answers = [...outcomes]
  const calls = { forgets: 0, refreshes: 0 }
  const world = { busy: false, after: undefined as string | undefined, whole: true }
  const sessions = ['s1']
  const connection = createConnection({
    environment,
    transports: poll ? { stream, poll: polling } : { stream },
    canPoll: poll,
    backoff,
    timeoutMs: 10_000,
    heartbeatMs: 15_000,
    refresh: () => {
      calls.refreshes++
      return Promise.resolve(answers.shift() ?? 'denied')
    },
    sink: {
      cursors: () =>
        sessions.map((sessionId) =>
          world.after === undefined ? { sessionId } : { sessionId, after: world.after },
        ),
      forget: () => {
        calls.forgets++
      },
      receive(envelope) {
        received.push(envelope)
        return world.whole
      },
      full: () => undefined,
      isBusy: () => world.busy,
    },
  })
  const events = makeEnvelopes('s1')
  const status = (): string => {
    const { status: name, phase } = connection.getState()
    return phase ?? name
  }
  /** Starts, and is caught up on the newest attempt. */
  const goLive = async (): Promise<void> => {
    connection.start()
    await environment.advance(0)
    stream.last.send(events.caughtUp())
    await environment.advance(0)
  }
  const beat = async (ms: number): Promise<void> => {
    for (let left = ms; left > 0; left -= 10_000) {
      stream.last.touch()
      await environment.advance(Math.min(left, 10_000))
    }
    stream.last.touch()
  }
  /** Lets time pass until the next attempt is made. */
  const nextAttempt = async (): Promise<void> => {
    for (const before = stream.attempts.length; stream.attempts.length === before;) {
      await environment.advance(500)
    }
  }
  return {
    nextAttempt,
    environment,
    stream,
    polling,
    received,
    calls,
    world,
    sessions,
    connection,
    events,
    status,
    goLive,
    beat,
  }
}
