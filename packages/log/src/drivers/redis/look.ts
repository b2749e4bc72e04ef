import { createHash } from 'node:crypto'
import { randomToken } from '../rules/epoch.ts'
import type { RedisConnection } from './connection.ts'
import { GENERATION } from './scripts/generation.ts'
import { identify, requireMaster, UnfitServer, type ServerIdentity } from './server-identity.ts'
import { evaluate, type Looked, type ShardOptions } from './shard.ts'

const TOKEN_LENGTH = 6

/**
 * Looks at a server that may have everything: it is compared with the one seen last, and a new generation is drawn if it
 * may have lost something. One of a cluster has none as such: its masters are looked at one by one.
 */
export function lookAtServer(generationKey: string): ShardOptions['look'] {
  let seen: Looked | undefined
  return async (connection) => {
    const identity = await identify(connection)
    if (identity.isClustered) return { identity, generation: '', clockOffsetMs: 0 }
    requireMaster(identity)
    const sentAt = Date.now()
    const { runId, replicationId, home } = identity
    // A key that went missing on a server that did not change is written again: its streams are what they were, or gone.
    const isSame = seen?.identity.runId === runId && seen.identity.replicationId === replicationId
    const token = isSame ? (seen?.generation ?? '') : randomToken(TOKEN_LENGTH)
    const call = { script: GENERATION, keys: [generationKey] }
    const [, generation, time] = await evaluate(connection, call, [runId, replicationId, home, token])
    const clockOffsetMs = Number(time) - (sentAt + Date.now()) / 2
    seen = { identity, generation: generation ?? '', clockOffsetMs }
    return seen
  }
}

/**
 * Looks at a master of a cluster. Keys come and go with their slots, so none of them could say what this server kept: each
 * life of its process and each history of its data is a generation, which every node works out alike.
 */
export async function lookAtMaster(connection: RedisConnection): Promise<Looked> {
  const identity = await identify(connection)
  if (!identity.isClustered) throw new UnfitServer('This Redis was one of a cluster, and is none now.')
  requireMaster(identity)
  const sentAt = Date.now()
  const [seconds, micros] = (await connection.send(['TIME'])) as readonly unknown[]
  const clockOffsetMs = Number(seconds) * 1_000 + Number(micros) / 1_000 - (sentAt + Date.now()) / 2
  return { identity, generation: tokenOf(identity), clockOffsetMs }
}

/** Letters and digits out of a digest, each as likely as any other. */
function tokenOf({ runId, replicationId }: ServerIdentity): string {
  const digest = createHash('sha256').update(`${runId} ${replicationId}`).digest('hex')
  return BigInt(`0x${digest}`).toString(36).slice(-TOKEN_LENGTH)
}
