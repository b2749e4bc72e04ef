import type { Backplane, Hint } from '../../backplane.ts'
import type { RedisClientLike } from '../../drivers/redis/connection.ts'
import { createKeeper } from '../../drivers/redis/keeper.ts'
import { createLocalBackplane } from '../local.ts'
import { parseGrew, senderOf } from './grew-text.ts'

export interface RedisBackplaneOptions {
  /** Makes a new client, not connected yet: a subscriber's connection is its own. */
  readonly connect: () => RedisClientLike
  /** Whether the server it subscribed at is still one where the others are heard. Default: always. */
  readonly isInPlace?: () => boolean
  /** Sends to all that subscribe to the channel, or rejects. */
  readonly publish: (channel: string, message: string) => Promise<void>
  readonly channel: string
  /** Who publishes: a node does not hear itself over the wire, it has heard itself at once. */
  readonly node: string
  /** Whether appends publish their own growth in the same step, so that it need not be told again. */
  readonly growthIsTold: boolean
  readonly timeoutMs: number
  readonly random?: () => number
}

export interface RedisBackplane extends Backplane {
  /** Resolves once it hears the others for the first time. */
  ready(withinMs: number): Promise<void>
}

const PING_EVERY_MS = 5_000

/**
 * Hints between processes over one channel. What is published while a connection is lost is lost, as any hint may be;
 * after a loss it subscribes again and wakes whoever waits for runs. Streams find by themselves what they missed.
 */
export function createRedisBackplane(options: RedisBackplaneOptions): RedisBackplane {
  const { connect, publish, channel, node, growthIsTold, timeoutMs, random = Math.random } = options
  const { isInPlace = () => true } = options
  const local = createLocalBackplane()

  const hear = (message: string): void => {
    const hint = senderOf(message) === node ? undefined : parse(message)
    if (hint !== undefined) void local.publish(hint)
  }

  const keeper = createKeeper({
    connect,
    timeoutMs,
    random,
    async prepare(connection) {
      await connection.subscribe(channel, hear)
      void local.publish({ kind: 'queued' })
    },
  })

  let isAnswered = true
  const watch = setInterval(() => {
    if (keeper.current === undefined) return
    if (!isAnswered || !isInPlace()) {
      keeper.drop(new Error('nothing is heard at this server'))
      isAnswered = true
      return
    }
    isAnswered = false
    const answered = (): void => {
      isAnswered = true
    }
    keeper.current.send(['PING']).then(answered, answered)
  }, PING_EVERY_MS)
  watch.unref()

  return {
    name: 'redis',
    ready: (withinMs) => keeper.first(withinMs, () => false),
    publish(hint) {
      void local.publish(hint)
      if (hint.kind === 'grew' && growthIsTold) return
      return publish(channel, `hint ${node} ${JSON.stringify(hint)}`)
    },
    subscribe: (onHint) => local.subscribe(onHint),
    async close() {
      clearInterval(watch)
      keeper.close()
      await local.close()
    },
  }
}

/** A message of another node; `undefined` when it is none that this version knows. */
function parse(message: string): Hint | undefined {
  if (message.startsWith('grew ')) return parseGrew(message)
  if (!message.startsWith('hint ')) return undefined
  try {
    const hint = JSON.parse(message.slice(message.indexOf(' ', 5) + 1)) as Hint
    return KINDS.has(hint.kind) ? hint : undefined
  } catch {
    return undefined
  }
}

const KINDS: ReadonlySet<string> = new Set(['grew', 'closed', 'ephemeral', 'queued', 'revoked'])
