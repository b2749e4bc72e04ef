import { setTimeout as wait } from 'node:timers/promises'
import { overloaded } from '../rules/refusals.ts'
import type { RedisAddress, RedisClientLike } from './connection.ts'
import { logClosed, unserved } from './failures.ts'
import { lookAtMaster } from './look.ts'
import { createOrder } from './order.ts'
import { createShard, type ScriptAnswer, type ScriptCall, type Shard, type ShardOptions } from './shard.ts'
import { slotOf } from './slots.ts'
import { addressText, redirectionOf, type Topology } from './topology.ts'

export interface ClusterOptions extends Omit<ShardOptions, 'connect' | 'look'> {
  readonly connectTo: (at: RedisAddress) => RedisClientLike
  /** Asks for a newer topology, which comes by `follow`. */
  readonly refresh: () => void
}

/** The masters of a Redis Cluster, each with a connection of its own. */
export interface Cluster {
  /** `undefined` until it was told one, or since it was told that there is none. */
  readonly topology: Topology | undefined
  follow(topology: Topology | undefined): void
  /** Runs a script at the master that has its slot, wherever that is moving. @throws StreamError, or what Redis said */
  run(call: ScriptCall): Promise<ScriptAnswer>
  /** Of those that are listed. */
  shards(): readonly Shard[]
  shardOf(key: string): Shard | undefined
  close(): Promise<void>
}

const FIRST_RETRY_MS = 20
const MAX_RETRY_MS = 250

/** Redirections that are followed at once; then servers disagree, and are given time. */
const STRAIGHT_HOPS = 3

/** A server that has no slots any longer is kept for this long: calls may be on their way to it. */
const KEEP_UNLISTED_MS = 60_000

interface Refusal {
  readonly at: RedisAddress
  readonly error: unknown
  /** When to give up. */
  readonly endsAt: number
}

export function createCluster(options: ClusterOptions): Cluster {
  const { connectTo, refresh, timeoutMs, maxPending } = options
  const known = new Map<string, { readonly shard: Shard; listedAt: number }>()
  const order = createOrder()
  let topology: Topology | undefined
  let underWay = 0
  let closed = false

  const knownAt = (at: RedisAddress): { readonly shard: Shard; listedAt: number } => {
    const name = addressText(at)
    let entry = known.get(name)
    if (entry === undefined) {
      const shard = createShard({ ...options, connect: () => connectTo(at), look: lookAtMaster })
      entry = { shard, listedAt: performance.now() }
      known.set(name, entry)
    }
    return entry
  }

  const attempt = async (at: RedisAddress, call: ScriptCall): Promise<ScriptAnswer> => {
    if (closed) throw logClosed()
    const { shard } = knownAt(at)
    try {
      if (shard.looked === undefined) await shard.ready(timeoutMs)
      return await shard.run(call)
    } catch (error) {
      // Another master may have its slots by now.
      if (!shard.isConnected) refresh()
      throw error
    }
  }

  /** Goes where the refusals lead, until somebody takes the call or its time is up. */
  const pursue = async (slot: number, call: ScriptCall, refusal: Refusal): Promise<ScriptAnswer> => {
    let { at, error } = refusal
    let delayMs = FIRST_RETRY_MS
    for (let hop = 0; ; hop += 1) {
      const redirection = redirectionOf(error, at)
      if (redirection === undefined || performance.now() > refusal.endsAt) throw error
      if (redirection.kind === 'later' || hop >= STRAIGHT_HOPS) {
        await wait(delayMs)
        delayMs = Math.min(MAX_RETRY_MS, delayMs * 2)
      }
      at = redirection.kind === 'later' ? (topology?.ownerOf(slot) ?? at) : redirection.to
      if (redirection.kind === 'moved') topology?.learn(slot, at)
      // Where one slot went others may follow.
      if (redirection.kind !== 'ask') refresh()
      try {
        return await attempt(at, { ...call, asking: redirection.kind === 'ask' })
      } catch (failure) {
        error = failure
      }
    }
  }

  const run = async (call: ScriptCall): Promise<ScriptAnswer> => {
    const endsAt = performance.now() + timeoutMs
    const slot = slotOf(call.keys[0] ?? '')
    // Behind the calls of this slot that are looking for their place: what was called in order happens in order.
    await order(String(slot), () => undefined)
    const at = topology?.ownerOf(slot)
    if (at === undefined) {
      refresh()
      throw unserved()
    }
    try {
      return await attempt(at, call)
    } catch (error) {
      if (redirectionOf(error, at) === undefined) throw error
      const answer = await order(String(slot), () => pursue(slot, call, { at, error, endsAt }))
      if (answer === undefined) throw unserved()
      return answer
    }
  }

  return {
    get topology() {
      return topology
    },
    follow(next) {
      if (closed) return
      topology = next
      const now = performance.now()
      for (const at of next?.masters ?? []) knownAt(at).listedAt = now
      for (const [name, { shard, listedAt }] of known) {
        if (now - listedAt <= KEEP_UNLISTED_MS) continue
        known.delete(name)
        void shard.close()
      }
    },
    async run(call) {
      if (underWay >= maxPending) throw overloaded()
      underWay += 1
      try {
        return await run(call)
      } finally {
        underWay -= 1
      }
    },
    shards: () => (topology?.masters ?? []).map((at) => knownAt(at).shard),
    shardOf(key) {
      const at = topology?.ownerOf(slotOf(key))
      return at === undefined ? undefined : knownAt(at).shard
    },
    async close() {
      closed = true
      await Promise.all([...known.values()].map(({ shard }) => shard.close()))
    },
  }
}
