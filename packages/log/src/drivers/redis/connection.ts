/** One life of a connection to Redis: once it is closed it is never used again. */
export interface RedisConnection {
  /** Sends a command; replies come in the order of sending. Rejects with Redis's error, or when the connection ends. */
  send(command: readonly string[]): Promise<unknown>
  subscribe(channel: string, onMessage: (message: string) => void): Promise<void>
  /** Calls back once when it has ended, however. */
  onEnd(listener: () => void): void
  close(): void
}

/** What is used of an `ioredis` client. */
export interface IoredisLike {
  call(command: string, ...args: string[]): Promise<unknown>
  subscribe(...channels: string[]): Promise<unknown>
  connect(): Promise<unknown>
  disconnect(): void
  on(event: string, listener: (...args: unknown[]) => void): unknown
}

/** What is used of a `redis` (node-redis) client. */
export interface NodeRedisLike {
  sendCommand(command: string[]): Promise<unknown>
  subscribe(channel: string, listener: (message: string) => void): Promise<unknown>
  connect(): Promise<unknown>
  destroy(): void
  on(event: string, listener: (...args: unknown[]) => void): unknown
}

/** A client of either library, not connected yet. */
export type RedisClientLike = IoredisLike | NodeRedisLike

/** Where one server of a cluster is, as the cluster says. */
export interface RedisAddress {
  readonly host: string
  readonly port: number
}

/**
 * Makes a new client, not connected yet: of the server at an address that a cluster told; without one, of the server that
 * was configured, or of any of a cluster's.
 */
export type RedisConnect = (at?: RedisAddress) => RedisClientLike

/**
 * Connects a new client and uses it for one life: whatever the client would do by itself after a loss is called off,
 * because a connection may be used only after its server was looked at. PROTOCOL.md §10.
 */
export async function connectOnce(client: RedisClientLike, timeoutMs: number): Promise<RedisConnection> {
  const connection = 'call' in client ? overIoredis(client) : overNodeRedis(client)
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error('Redis did not answer in time'))
    }, timeoutMs)
  })
  try {
    await Promise.race([client.connect(), late])
    return connection
  } catch (error) {
    connection.close()
    throw error
  } finally {
    clearTimeout(timer)
  }
}

function overIoredis(client: IoredisLike): RedisConnection {
  const life = createLife(() => {
    client.disconnect()
  })
  for (const event of ['close', 'end']) client.on(event, life.end)
  // A client without a listener would throw it; the loss itself is told by `close`.
  client.on('error', () => undefined)
  return {
    send: ([name = '', ...args]) => client.call(name, ...args),
    async subscribe(channel, onMessage) {
      client.on('message', (from, message) => {
        if (from === channel) onMessage(String(message))
      })
      await client.subscribe(channel)
    },
    onEnd: life.onEnd,
    close: life.end,
  }
}

function overNodeRedis(client: NodeRedisLike): RedisConnection {
  const life = createLife(() => {
    client.destroy()
  })
  // It tells a lost socket by `error` and goes on by `reconnecting`.
  for (const event of ['error', 'reconnecting', 'end']) client.on(event, life.end)
  return {
    send: (command) => client.sendCommand([...command]),
    async subscribe(channel, onMessage) {
      await client.subscribe(channel, onMessage)
    },
    onEnd: life.onEnd,
    close: life.end,
  }
}

function createLife(destroy: () => void): { end: () => void; onEnd: (listener: () => void) => void } {
  let isOver = false
  const listeners: (() => void)[] = []
  return {
    end() {
      if (isOver) return
      isOver = true
      try {
        destroy()
      } catch {
        // Closed already: that is what was wanted.
      }
      for (const listener of listeners) listener()
    },
    onEnd(listener) {
      if (isOver) listener()
      else listeners.push(listener)
    },
  }
}
