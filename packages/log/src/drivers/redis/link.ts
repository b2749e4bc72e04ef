import { StreamError } from '@throughline/protocol'
import { overloaded } from '../rules/refusals.ts'
import { randomToken } from '../rules/epoch.ts'
import type { RedisClientLike, RedisConnection } from './connection.ts'
import { failureOf, isMisplaced, logClosed, unreachable } from './failures.ts'
import { createKeeper } from './keeper.ts'
import type { RedisScript } from './script.ts'
import { GENERATION } from './scripts/generation.ts'
import { identify, UnfitServer, type ServerIdentity } from './server-identity.ts'

export interface LinkOptions {
  readonly connect: () => RedisClientLike
  /** Key of what is known of the server. */
  readonly generationKey: string
  /** A server that answers nothing for this long is given up, and looked for anew. Default 5,000. */
  readonly timeoutMs?: number
  /** The server is looked at again this often. Default 5,000. */
  readonly watchMs?: number
  /** Default 10,000; beyond, calls are refused. */
  readonly maxPending?: number
  readonly random?: () => number
}

/** What a script answered: its word, then values. */
export type ScriptReply = readonly (string | null)[]

/** The way to Redis. Nothing passes before the server was looked at, and what it kept was compared. */
export interface RedisLink {
  /** Runs a script as one step. @throws StreamError `server_error` 503 when Redis cannot be reached or takes nothing */
  run(script: RedisScript, keys: readonly string[], args?: readonly string[]): Promise<ScriptReply>
  /** Tells the others something; lost when there is no connection. */
  publish(channel: string, message: string): Promise<void>
  /** Part of every epoch: another one when the server may have lost something. */
  readonly generation: string
  readonly durability: ServerIdentity['durability']
  /** The server's clock, by which all nodes agree; this process's while it is not known. */
  now(): number
  /** Resolves at the first connection. @throws StreamError with one line for the operator */
  ready(withinMs: number): Promise<void>
  /** Resolves when Redis takes writes now. @throws StreamError that says why not */
  healthy(): Promise<void>
  /** Refuses what comes, waits for what is under way. Idempotent. */
  close(): Promise<void>
}

const TOKEN_LENGTH = 6

export function createLink(options: LinkOptions): RedisLink {
  const { connect, generationKey, timeoutMs = 5_000, watchMs = 5_000, maxPending = 10_000 } = options
  const { random = Math.random } = options
  const pending = new Set<(error: unknown) => void>()
  let generation = ''
  let seen: ServerIdentity | undefined
  let clockOffsetMs = 0
  let answeredAt = performance.now()
  let closing: Promise<void> | undefined
  let idle: (() => void) | undefined

  /** Compares the server with the one seen last, and draws a new generation if it may have lost something. */
  const look = async (connection: RedisConnection): Promise<void> => {
    const identity = await identify(connection)
    const sentAt = Date.now()
    const { runId, replicationId, home } = identity
    // A key that went missing on a server that did not change is written again: its streams are what they were, or gone.
    const isSame = seen?.runId === runId && seen.replicationId === replicationId
    const token = isSame ? generation : randomToken(TOKEN_LENGTH)
    const args = [runId, replicationId, home, token]
    const reply = await evaluate(connection, GENERATION, [generationKey], args)
    generation = reply[1] ?? ''
    seen = identity
    clockOffsetMs = Number(reply[2]) - (sentAt + Date.now()) / 2
  }

  const keeper = createKeeper({
    connect,
    timeoutMs,
    random,
    prepare: look,
    onDown() {
      for (const reject of [...pending]) reject(unreachable())
    },
  })

  /** Looks again while all is quiet, and gives up a server that does not answer. */
  const watch = setInterval(
    () => {
      const connection = keeper.current
      if (connection === undefined) return
      if (pending.size > 0 && performance.now() - answeredAt > timeoutMs) {
        keeper.drop(new Error('Redis does not answer'))
        return
      }
      tracked(() => look(connection)).catch((error: unknown) => {
        if (error instanceof UnfitServer) keeper.drop(error)
      })
    },
    Math.min(watchMs, timeoutMs / 2),
  )
  watch.unref()

  const tracked = <T>(work: () => Promise<T>): Promise<T> => {
    if (pending.size >= maxPending) return Promise.reject(overloaded())
    if (pending.size === 0) answeredAt = performance.now()
    return new Promise<T>((resolve, reject) => {
      const settle = (): void => {
        answeredAt = performance.now()
        pending.delete(reject)
        if (pending.size === 0) idle?.()
      }
      pending.add(reject)
      work().then(resolve, reject).finally(settle)
    })
  }

  const connected = (): RedisConnection => {
    if (closing !== undefined) throw logClosed()
    const connection = keeper.current
    if (connection !== undefined) return connection
    throw keeper.failure instanceof UnfitServer ? keeper.failure : unreachable(keeper.failure)
  }

  const run: RedisLink['run'] = async (script, keys, args = []) => {
    const connection = connected()
    try {
      return await tracked(() => evaluate(connection, script, keys, args))
    } catch (error) {
      if (isMisplaced(error)) keeper.drop(error)
      throw failureOf(error)
    }
  }

  return {
    run,
    async publish(channel, message) {
      await tracked(() => connected().send(['PUBLISH', channel, message]))
    },
    get generation() {
      return generation
    },
    get durability() {
      return seen?.durability ?? 'memory'
    },
    now: () => Date.now() + Math.round(clockOffsetMs),
    async ready(withinMs) {
      try {
        await keeper.first(withinMs, (failure) => failure instanceof UnfitServer)
      } catch (error) {
        throw error instanceof StreamError ? error : unreachable(error)
      }
    },
    async healthy() {
      const connection = connected()
      await tracked(() => look(connection)).catch((error: unknown) => {
        throw failureOf(error)
      })
    },
    close() {
      closing ??= (async () => {
        clearInterval(watch)
        if (pending.size > 0) {
          await new Promise<void>((resolve) => {
            const late = setTimeout(resolve, timeoutMs)
            idle = () => {
              clearTimeout(late)
              resolve()
            }
          })
        }
        keeper.close()
      })()
      return closing
    },
  }
}

/** By the script's digest; a server that has not seen it yet is given its text. */
async function evaluate(
  connection: RedisConnection,
  script: RedisScript,
  keys: readonly string[],
  args: readonly string[],
): Promise<ScriptReply> {
  const rest = [String(keys.length), ...keys, ...args]
  try {
    return parseReply(await connection.send(['EVALSHA', script.sha, ...rest]))
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error
    return parseReply(await connection.send(['EVAL', script.text, ...rest]))
  }
}

function parseReply(reply: unknown): ScriptReply {
  if (!Array.isArray(reply)) throw new TypeError('Redis answered something else than a list')
  return reply.map((value) => (value === null || value === undefined ? null : String(value)))
}
