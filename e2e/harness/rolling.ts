import { setTimeout as wait } from 'node:timers/promises'
import { startCluster } from './cluster.ts'
import { startLoad } from './load.ts'
import type { Random } from './random.ts'

export interface RollingOptions {
  readonly random: Random
  /** How long nodes are killed and started again, one after the other. */
  readonly forMs: number
  readonly sessions: number
  /** Of each session. */
  readonly readers: number
  readonly print?: (line: string) => void
}

/**
 * Subscribers of many sessions through nginx while nodes die one after the other and Redis once: everybody folds to what
 * the server has, each event once and in order. @throws what was not so
 */
export async function runRolling(options: RollingOptions): Promise<{
  readonly kills: number
  readonly stops: number
  readonly batches: number
  readonly repeats: number
  readonly connects: number
}> {
  const { random, forMs, sessions, readers, print = () => undefined } = options
  const cluster = await startCluster({ tls: false })
  try {
    const load = await startLoad(cluster, {
      random,
      sessions,
      readers,
      producers: 1,
      // Two cores carry the cluster and its readers.
      pauseMs: 8 * sessions,
      retryMs: 200,
      keep: false,
    })
    const endsAt = Date.now() + forMs
    let [kills, stops, restartedRedis] = [0, 0, false]
    for (let turn = 0; Date.now() < endsAt || turn < cluster.nodes.length; turn += 1) {
      await load.acknowledges(random.between(sessions / 4, sessions))
      const node = cluster.nodes[turn % cluster.nodes.length]
      if (random.between(0, 1) === 0) {
        await node?.kill()
        kills += 1
      } else {
        await node?.stop()
        stops += 1
      }
      await wait(random.between(0, 1_000))
      await node?.restart()
      if (!restartedRedis && (turn >= 1 || Date.now() > endsAt - forMs / 2)) {
        restartedRedis = true
        await cluster.redis.kill()
        await wait(random.between(0, 1_000))
        await cluster.redis.restart()
        print('Redis was killed and started again')
      }
      print(`${kills} killed, ${stops} stopped`)
    }
    await load.acknowledges(sessions)
    const { batches, repeats } = await load.stop()
    await load.expectExact()
    const connects = load.readers.reduce((sum, reader) => sum + reader.counts.connects, 0)
    return { kills, stops, batches, repeats, connects }
  } finally {
    await cluster.dispose()
  }
}
