import { StreamError } from '@throughline/protocol'
import { overloaded } from '../rules/refusals.ts'
import type { RedisClientLike, RedisConnection } from './connection.ts'
import { isMisplaced, unreachable } from './failures.ts'
import { createKeeper } from './keeper.ts'
import type { RedisScript } from './script.ts'
import { UnfitServer, type ServerIdentity } from './server-identity.ts'

/** What a script answered: its word, then values. */
export type ScriptReply = readonly (string | null)[]

/** An answer, and the part of every epoch of the server that gave it. */
export interface ScriptAnswer {
  readonly reply: ScriptReply
  readonly generation: string
}

/** Arguments of a script, made for the server that will run it. */
export type ScriptArguments = (generation: string) => readonly string[]

/** What was found out about a server before it was used. */
export interface Looked {
  readonly identity: ServerIdentity
  /** Another one when the server may have lost something. */
  readonly generation: string
  /** The server's clock less this process's. */
  readonly clockOffsetMs: number
}

export interface ShardOptions {
  readonly connect: () => RedisClientLike
  /** Called at each new connection before anything else, and every `watchMs`. @throws UnfitServer */
  readonly look: (connection: RedisConnection) => Promise<Looked>
  /** A server that answers nothing for this long is given up, and looked for anew. */
  readonly timeoutMs: number
  readonly watchMs: number
  /** Beyond, calls are refused. */
  readonly maxPending: number
  readonly random: () => number
}

export interface ScriptCall {
  readonly script: RedisScript
  readonly keys: readonly string[]
  readonly args: ScriptArguments
  /** To a server that a slot is just moving to. */
  readonly asking?: boolean
}

/** The way to one server. Nothing passes before it was looked at. */
export interface Shard {
  /** @throws StreamError 503 without a connection; else what the client threw */
  run(call: ScriptCall): Promise<ScriptAnswer>
  send(command: readonly string[]): Promise<unknown>
  /** `undefined` until the first connection. */
  readonly looked: Looked | undefined
  readonly isConnected: boolean
  /** Resolves at the first connection. @throws UnfitServer, or what went wrong */
  ready(withinMs: number): Promise<void>
  /** Looks now. */
  look(): Promise<void>
  /** Waits for what is under way. Idempotent. */
  close(): Promise<void>
}

export function createShard(options: ShardOptions): Shard {
  const { connect, timeoutMs, watchMs, maxPending, random } = options
  const pending = new Set<(error: unknown) => void>()
  let looked: Looked | undefined
  let answeredAt = performance.now()
  let closing: Promise<void> | undefined
  let idle: (() => void) | undefined

  const look = async (connection: RedisConnection): Promise<void> => {
    looked = await options.look(connection)
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
    const connection = keeper.current
    if (connection !== undefined) return connection
    throw keeper.failure instanceof UnfitServer ? keeper.failure : unreachable(keeper.failure)
  }

  return {
    async run(call) {
      const connection = connected()
      // Of now, while the command is sent: a later look may find another one before the answer is read.
      const generation = looked?.generation ?? ''
      try {
        const reply = await tracked(() => evaluate(connection, call, call.args(generation)))
        return { reply, generation }
      } catch (error) {
        if (isMisplaced(error)) keeper.drop(error)
        throw error
      }
    },
    send: (command) => tracked(() => connected().send(command)),
    get looked() {
      return looked
    },
    get isConnected() {
      return keeper.current !== undefined
    },
    async ready(withinMs) {
      try {
        await keeper.first(withinMs, (failure) => failure instanceof UnfitServer)
      } catch (error) {
        throw error instanceof StreamError ? error : unreachable(error)
      }
    },
    async look() {
      const connection = connected()
      await tracked(() => look(connection))
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
export async function evaluate(
  connection: RedisConnection,
  { script, keys, asking = false }: Omit<ScriptCall, 'args'>,
  args: readonly string[],
): Promise<ScriptReply> {
  const rest = [String(keys.length), ...keys, ...args]
  const send = async (command: readonly string[]): Promise<ScriptReply> => {
    // Holds for the command behind it; whether it is taken, that command says.
    if (asking) connection.send(['ASKING']).catch(() => undefined)
    return parseReply(await connection.send(command))
  }
  try {
    return await send(['EVALSHA', script.sha, ...rest])
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error
    return await send(['EVAL', script.text, ...rest])
  }
}

function parseReply(reply: unknown): ScriptReply {
  if (!Array.isArray(reply)) throw new TypeError('Redis answered something else than a list')
  return reply.map((value) => (value === null || value === undefined ? null : String(value)))
}
