import { setTimeout as wait } from 'node:timers/promises'
import { slotOf, SLOTS } from '../drivers/redis/slots.ts'
import { freePort } from './free-port.ts'
import { startRedisServer, type RedisServer } from './redis-server.ts'

/** A Redis Cluster of masters, each a child process. */
export interface RedisCluster {
  readonly masters: readonly RedisServer[]
  /** Of one master after the other, or of the one at an address that the cluster told. */
  urlOf(at?: { readonly host: string; readonly port: number }): string
  /** The master that has a key's slot, as all of them see it now. */
  masterOf(key: string): Promise<RedisServer>
  /**
   * Moves a slot with its keys, as `redis-cli --cluster reshard` does; `during` is called while it is under way, with
   * how many keys have moved.
   */
  move(slot: number, to: RedisServer, during?: (moved: number) => Promise<void>): Promise<void>
  /** Starts a replica of a master, and resolves once it has everything. */
  addReplica(of: RedisServer): Promise<RedisServer>
  /** Resolves once all of them run and see each other. */
  settled(): Promise<void>
  dispose(): Promise<void>
}

const SETTLES_WITHIN_MS = 20_000

/** Starts one whose masters go on without the others, with settings as on the command line of each. */
export async function startRedisCluster(count = 3, ...settings: string[]): Promise<RedisCluster> {
  const masters: RedisServer[] = []
  const replicas: RedisServer[] = []
  let turn = 0
  const start = async (): Promise<RedisServer> => {
    const busPort = String(await freePort())
    const fixed = ['--cluster-enabled', 'yes', '--cluster-port', busPort, '--cluster-node-timeout', '1000']
    const goesOn = ['--cluster-require-full-coverage', 'no']
    const server = await startRedisServer(...fixed, ...goesOn, ...settings)
    const [first] = masters
    if (first === undefined) return server
    await command(server, 'CLUSTER', 'SET-CONFIG-EPOCH', String(masters.length + 1))
    await command(first, 'CLUSTER', 'MEET', '127.0.0.1', String(server.port), busPort)
    return server
  }

  for (let at = 0; at < count; at += 1) {
    const master = await start()
    masters.push(master)
    const [from, to] = [at, at + 1].map((share) => Math.floor((share * SLOTS) / count))
    await command(master, 'CLUSTER', 'ADDSLOTSRANGE', String(from), String((to ?? 0) - 1))
  }
  const idOf = async (master: RedisServer): Promise<string> =>
    valueOf(await command(master, 'CLUSTER', 'MYID'))

  const settled = async (): Promise<void> => {
    const deadline = Date.now() + SETTLES_WITHIN_MS
    for (;;) {
      const all = [...masters, ...replicas]
      const infos = await Promise.all(all.map((server) => server.command('CLUSTER', 'INFO').catch(() => '')))
      const isWell = (info: string): boolean =>
        info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${String(all.length)}`)
      if (infos.every(isWell)) return
      if (Date.now() > deadline) throw new Error(`the cluster did not settle:\n${infos.join('\n')}`)
      await wait(50)
    }
  }

  const masterOf = async (key: string): Promise<RedisServer> => {
    for (const server of [...masters, ...replicas]) {
      const answer = await server.command('EXISTS', key).catch(() => '-')
      if (!answer.startsWith('-')) return server
    }
    throw new Error(`nobody has ${key}`)
  }

  await settled()
  return {
    masters,
    urlOf(at) {
      if (at !== undefined) return `redis://${at.host}:${String(at.port)}`
      return masters[(turn += 1) % masters.length]?.url ?? ''
    },
    masterOf,
    async move(slot, to, during) {
      const from = await masterOf(keyOf(slot))
      const [fromId, toId] = [await idOf(from), await idOf(to)]
      await command(to, 'CLUSTER', 'SETSLOT', String(slot), 'IMPORTING', fromId)
      await command(from, 'CLUSTER', 'SETSLOT', String(slot), 'MIGRATING', toId)
      for (let moved = 0; ; moved += 1) {
        await during?.(moved)
        const [name] = listOf(await from.command('CLUSTER', 'GETKEYSINSLOT', String(slot), '1'))
        if (name === undefined) break
        await command(from, 'MIGRATE', '127.0.0.1', String(to.port), name, '0', '5000')
      }
      for (const master of [to, from, ...masters]) {
        await command(master, 'CLUSTER', 'SETSLOT', String(slot), 'NODE', toId)
      }
    },
    async addReplica(of) {
      const replica = await start()
      replicas.push(replica)
      await settled()
      await command(replica, 'CLUSTER', 'REPLICATE', await idOf(of))
      const deadline = Date.now() + SETTLES_WITHIN_MS
      while (!(await replica.command('INFO', 'replication')).includes('master_link_status:up')) {
        if (Date.now() > deadline) throw new Error('the replica did not follow its master')
        await wait(50)
      }
      return replica
    },
    settled,
    async dispose() {
      await Promise.all([...masters, ...replicas].map((server) => server.dispose()))
    },
  }
}

async function command(server: RedisServer, ...words: string[]): Promise<string> {
  const answer = await server.command(...words)
  if (answer.startsWith('-')) throw new Error(`${words.join(' ')}: ${answer}`)
  return answer
}

/** A key that lies in a slot. */
function keyOf(slot: number): string {
  for (let at = 0; ; at += 1) if (slotOf(String(at)) === slot) return String(at)
}

/** The text of a bulk answer. */
function valueOf(answer: string): string {
  return answer.split('\r\n')[1] ?? ''
}

/** The texts of an answer that is a list. */
function listOf(answer: string): string[] {
  return answer.split('\r\n').filter((_, at) => at > 0 && at % 2 === 0)
}
