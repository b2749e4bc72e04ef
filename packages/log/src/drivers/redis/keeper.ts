import { connectOnce, type RedisClientLike, type RedisConnection } from './connection.ts'

export interface KeeperOptions {
  /** Makes a new client of Redis, not connected yet. */
  readonly connect: () => RedisClientLike
  /** Makes a new connection fit for use; when it rejects, the connection is dropped and another one is tried. */
  readonly prepare: (connection: RedisConnection) => Promise<void>
  readonly onDown?: () => void
  /** An attempt to connect is given up after this long. */
  readonly timeoutMs: number
  readonly random: () => number
}

/** Keeps one prepared connection: when it ends, the next one is made, for ever. */
export interface Keeper {
  readonly current: RedisConnection | undefined
  /** Why there is none; the newest failure. */
  readonly failure: unknown
  /** Resolves at the first prepared connection; rejects when `isFinal` says so of a failure, or after `withinMs`. */
  first(withinMs: number, isFinal: (failure: unknown) => boolean): Promise<void>
  /** Ends the connection in use: another one is made. */
  drop(failure: unknown): void
  close(): void
}

const FIRST_DELAY_MS = 50
const MAX_DELAY_MS = 2_000

/** Begins to connect at once. */
export function createKeeper(options: KeeperOptions): Keeper {
  const { connect, prepare, onDown = () => undefined, timeoutMs, random } = options
  const watchers = new Set<() => void>()
  let current: RedisConnection | undefined
  let failure: unknown = new Error('not connected yet')
  let delayMs = FIRST_DELAY_MS
  let timer: ReturnType<typeof setTimeout> | undefined
  let closed = false

  const tell = (): void => {
    for (const watch of [...watchers]) watch()
  }

  const later = (): void => {
    if (closed) return
    timer = setTimeout(
      () => {
        void attempt()
      },
      delayMs * (0.5 + random() / 2),
    )
    delayMs = Math.min(MAX_DELAY_MS, delayMs * 2)
  }

  const attempt = async (): Promise<void> => {
    let connection: RedisConnection | undefined
    try {
      connection = await connectOnce(connect(), timeoutMs)
      await prepareWithin(connection)
      if (closed) throw new Error('closed')
      const life = connection
      current = life
      life.onEnd(() => {
        if (current !== life) return
        current = undefined
        failure = new Error('the connection ended')
        onDown()
        later()
      })
      delayMs = FIRST_DELAY_MS
    } catch (error) {
      failure = error
      connection?.close()
      later()
    }
    tell()
  }

  /** Ended by the server, or too slow, while it is being prepared: another one is tried. */
  const prepareWithin = async (connection: RedisConnection): Promise<void> => {
    const watchdog = setTimeout(() => {
      connection.close()
    }, timeoutMs)
    const ended = new Promise<never>((_, reject) => {
      connection.onEnd(() => {
        reject(new Error('the connection ended'))
      })
    })
    try {
      await Promise.race([prepare(connection), ended])
    } finally {
      clearTimeout(watchdog)
      ended.catch(() => undefined)
    }
  }

  void attempt()

  return {
    get current() {
      return current
    },
    get failure() {
      return failure
    },
    first: (withinMs, isFinal) =>
      new Promise((resolve, reject) => {
        const settle = (error?: unknown): void => {
          clearTimeout(deadline)
          watchers.delete(look)
          if (error === undefined) resolve()
          else reject(error instanceof Error ? error : new Error('Redis cannot be reached', { cause: error }))
        }
        const look = (): void => {
          if (current !== undefined) settle()
          else if (isFinal(failure)) settle(failure)
        }
        const deadline = setTimeout(() => {
          settle(failure)
        }, withinMs)
        watchers.add(look)
        look()
      }),
    drop(reason) {
      const life = current
      life?.close()
      if (life !== undefined) failure = reason
    },
    close() {
      closed = true
      clearTimeout(timer)
      const life = current
      current = undefined
      life?.close()
    },
  }
}
