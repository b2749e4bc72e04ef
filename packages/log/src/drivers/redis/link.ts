import { createCluster } from './cluster.ts'
import type { RedisAddress, RedisClientLike, RedisConnect } from './connection.ts'
import { failureOf, logClosed, unreachable } from './failures.ts'
import { lookAtServer } from './look.ts'
import type { RedisScript } from './script.ts'
import { UnfitServer, type ServerIdentity } from './server-identity.ts'
import {
  createShard,
  type ScriptAnswer,
  type ScriptArguments,
  type ScriptReply,
  type Shard,
} from './shard.ts'
import { addressText, parseTopology } from './topology.ts'

export interface LinkOptions {
  readonly connect: RedisConnect
  /** Key of what is known of a server that has everything. */
  readonly generationKey: string
  /** In a cluster, the master that has this key tells the time. */
  readonly clockKey: string
  /** A server that answers nothing for this long is given up, and looked for anew. Default 5,000. */
  readonly timeoutMs?: number
  /** The servers are looked at again this often. Default 5,000. */
  readonly watchMs?: number
  /** Calls that wait. Default 10,000; beyond, they are refused. */
  readonly maxPending?: number
  readonly random?: () => number
}

/** The way to one Redis, or to the masters of a cluster. Nothing passes to a server before it was looked at. */
export interface RedisLink {
  /** Runs a script as one step. @throws StreamError `server_error` 503 when Redis cannot be reached or takes nothing */
  run(script: RedisScript, keys: readonly string[], args?: readonly string[]): Promise<ScriptReply>
  /** The same where epochs are in it: the arguments are made for the server that runs it, and its generation is answered. */
  runIn(script: RedisScript, keys: readonly string[], args: ScriptArguments): Promise<ScriptAnswer>
  /** Tells the others something; lost when there is no connection. */
  publish(channel: string, message: string): Promise<void>
  /** A server at which hints are heard; `undefined` for the one that was configured. */
  listeningPost(): RedisAddress | undefined
  /** Whether it is still one. */
  isListeningPost(at: RedisAddress | undefined): boolean
  /** Of the server that keeps least. */
  readonly durability: ServerIdentity['durability']
  /** The clock by which all nodes agree: of Redis; this process's while that is not known. */
  now(): number
  /** Resolves at the first connection; of a cluster, once each master answered or was waited for. @throws StreamError with one line for the operator */
  ready(withinMs: number): Promise<void>
  /** Resolves when Redis takes writes now; of a cluster, one of its masters. @throws StreamError that says why not */
  healthy(): Promise<void>
  /** Refuses what comes, waits for what is under way. Idempotent. */
  close(): Promise<void>
}

/** What was configured, wherever that leads. */
const CONFIGURED: RedisAddress = { host: '', port: 0 }

const LEAST_FIRST = ['memory', 'os', 'fsync'] as const

export function createLink(options: LinkOptions): RedisLink {
  const {
    connect,
    generationKey,
    clockKey,
    timeoutMs = 5_000,
    watchMs = 5_000,
    maxPending = 10_000,
  } = options
  const { random = Math.random } = options
  const limits = { timeoutMs, watchMs, maxPending, random }
  let guidedBy = CONFIGURED
  let refreshing = false
  let closing: Promise<void> | undefined

  const connectTo = (at: RedisAddress): RedisClientLike => (at.host === '' ? connect() : connect(at))

  /** Asks the guide anew, unless it is being asked. */
  const refresh = (): void => {
    if (refreshing || closing !== undefined) return
    refreshing = true
    const done = (): void => {
      refreshing = false
    }
    guide.look().then(done, done)
  }

  const cluster = createCluster({ ...limits, connectTo, refresh })
  const lookAtOne = lookAtServer(generationKey)

  /** Has everything, or knows who has what: the server that was configured, or any master once they are known. */
  const guide = createShard({
    ...limits,
    connect() {
      const posts = [CONFIGURED, ...(cluster.topology?.masters ?? [])]
      guidedBy = posts[Math.floor(random() * posts.length)] ?? CONFIGURED
      return connectTo(guidedBy)
    },
    async look(connection) {
      const asked = guidedBy
      const looked = await lookAtOne(connection)
      const { isClustered } = looked.identity
      cluster.follow(
        isClustered ? parseTopology(await connection.send(['CLUSTER', 'SLOTS']), asked) : undefined,
      )
      return looked
    },
  })

  /** Those that have the data. */
  const holders = (): readonly Shard[] => (cluster.topology === undefined ? [guide] : cluster.shards())

  const runIn: RedisLink['runIn'] = async (script, keys, args) => {
    if (closing !== undefined) throw logClosed()
    const call = { script, keys, args }
    try {
      return await (cluster.topology === undefined ? guide.run(call) : cluster.run(call))
    } catch (error) {
      throw failureOf(error)
    }
  }

  return {
    async run(script, keys, args = []) {
      return (await runIn(script, keys, () => args)).reply
    },
    runIn,
    async publish(channel, message) {
      if (closing !== undefined) throw logClosed()
      const speaker = [guide, ...holders()].find(({ isConnected }) => isConnected)
      if (speaker === undefined) throw unreachable()
      await speaker.send(['PUBLISH', channel, message])
    },
    listeningPost() {
      const { masters = [] } = cluster.topology ?? {}
      return masters[Math.floor(random() * masters.length)]
    },
    isListeningPost(at) {
      const { masters } = cluster.topology ?? {}
      if (masters === undefined || at === undefined) return masters === undefined && at === undefined
      return masters.some((master) => addressText(master) === addressText(at))
    },
    get durability() {
      const kept = holders().map(({ looked }) => looked?.identity.durability ?? 'fsync')
      return LEAST_FIRST.find((least) => kept.includes(least)) ?? 'memory'
    },
    now() {
      const clock = cluster.shardOf(clockKey) ?? guide
      return Date.now() + Math.round(clock.looked?.clockOffsetMs ?? 0)
    },
    async ready(withinMs) {
      await guide.ready(withinMs)
      const readied = await Promise.allSettled(
        holders().map((holder) => holder.ready(Math.min(withinMs, timeoutMs))),
      )
      const failures = readied.flatMap((done) => (done.status === 'rejected' ? [done.reason as unknown] : []))
      const unfit = failures.find((failure) => failure instanceof UnfitServer)
      if (unfit !== undefined) throw unfit
      if (failures.length === readied.length) throw failureOf(failures[0])
    },
    async healthy() {
      if (closing !== undefined) throw logClosed()
      try {
        await Promise.any(holders().map((holder) => holder.look()))
      } catch (error) {
        throw failureOf(error instanceof AggregateError ? error.errors[0] : error)
      }
    },
    close() {
      closing ??= Promise.all([guide.close(), cluster.close()]).then(() => undefined)
      return closing
    },
  }
}
