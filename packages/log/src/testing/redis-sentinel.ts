import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { startRedisProcess, startRedisServer, type RedisServer } from './redis-server.ts'

/** A master, its replica and the Sentinel that watches both, each a child process. */
export interface WatchedRedis {
  readonly master: RedisServer
  readonly replica: RedisServer
  readonly sentinel: RedisServer
  /** What the Sentinel calls the master. */
  readonly name: string
  /** From now on the replica gets nothing more, though it may still be made the master. */
  cutReplica(): Promise<void>
  /** The master dies, and the Sentinel puts the replica in its place. */
  failOver(): Promise<void>
  dispose(): Promise<void>
}

const NAME = 'main'
const WITHIN_MS = 30_000

/** Starts all three, with settings as on the command line of both servers. */
export async function startWatchedRedis(...settings: string[]): Promise<WatchedRedis> {
  const master = await startRedisServer(...settings)
  const follows = ['--replicaof', '127.0.0.1', String(master.port), '--repl-diskless-sync-delay', '0']
  const replica = await startRedisServer(...settings, ...follows)
  await until('the replica follows', async () =>
    (await replica.command('INFO', 'replication')).includes('master_link_status:up'),
  )
  const sentinel = await startRedisProcess(async (port, directory) => {
    const file = join(directory, 'sentinel.conf')
    const lines = [
      `port ${String(port)}`,
      'bind 127.0.0.1',
      `dir ${directory}`,
      `sentinel monitor ${NAME} 127.0.0.1 ${String(master.port)} 1`,
      `sentinel down-after-milliseconds ${NAME} 500`,
      `sentinel failover-timeout ${NAME} 5000`,
    ]
    await writeFile(file, `${lines.join('\n')}\n`)
    return [file, '--sentinel']
  })
  const about = (what: string): Promise<string> => sentinel.command('SENTINEL', what, NAME)
  await until('the Sentinel knows the replica', async () =>
    (await about('REPLICAS')).includes(String(replica.port)),
  )
  return {
    master,
    replica,
    sentinel,
    name: NAME,
    async cutReplica() {
      // While it stands still it cannot come back for what it missed.
      replica.signal('SIGSTOP')
      await master.command('CLIENT', 'KILL', 'TYPE', 'replica')
    },
    async failOver() {
      await master.kill()
      replica.signal('SIGCONT')
      await until('the Sentinel made the replica the master', async () =>
        (await about('GET-MASTER-ADDR-BY-NAME')).includes(String(replica.port)),
      )
    },
    async dispose() {
      replica.signal('SIGCONT')
      await Promise.all([sentinel, replica, master].map((server) => server.dispose()))
    },
  }
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + WITHIN_MS
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`not within ${String(WITHIN_MS)} ms: ${what}`)
    await wait(50)
  }
}
