import { StreamError } from '@throughline/protocol'
import type { RedisConnection } from './connection.ts'

/** A Redis that this log cannot be kept in; the message says what to change. */
export class UnfitServer extends StreamError {
  constructor(message: string) {
    super('server_error', message, { status: 503 })
  }
}

/** Which server answers, and how well it keeps what it was given. */
export interface ServerIdentity {
  /** Another one at each start of the process. */
  readonly runId: string
  /** Another one for each history of the data that replicas follow. */
  readonly replicationId: string
  /**
   * Names a server that loses nothing when it restarts, because each write is on disk before it is answered and no
   * replica could take its place; empty for any other.
   */
  readonly home: string
  readonly durability: 'memory' | 'os' | 'fsync'
  readonly isMaster: boolean
  /** Whether it is one of a cluster, each of which has some of the slots. */
  readonly isClustered: boolean
}

/** @throws UnfitServer for a replica */
export function requireMaster({ isMaster }: ServerIdentity): void {
  if (!isMaster) throw new UnfitServer('This Redis is a replica: set REDIS_URL to the one that takes writes.')
}

/** Looks at the server behind a connection. @throws UnfitServer when the log must not be kept there */
export async function identify(connection: RedisConnection): Promise<ServerIdentity> {
  const info = parseInfo(await connection.send(['INFO', 'everything']))
  requireFit(info)
  const persists = info.get('aof_enabled') === '1'
  // Hosted servers may refuse to tell their settings: then the worst is assumed.
  const settings = persists
    ? await connection.send(['CONFIG', 'GET', 'appendfsync', 'dir']).catch(() => [])
    : []
  const { appendfsync, dir } = parseSettings(settings)
  const isSynced = persists && appendfsync === 'always'
  const isAlone = info.get('connected_slaves') === '0' && /^0+$/.test(info.get('master_replid2') ?? '')
  return {
    runId: required(info, 'run_id'),
    replicationId: required(info, 'master_replid'),
    home:
      isSynced && isAlone
        ? `${dir ?? ''} ${info.get('tcp_port') ?? ''} ${info.get('config_file') ?? ''}`
        : '',
    durability: isSynced ? 'fsync' : persists ? 'os' : 'memory',
    isMaster: info.get('role') === 'master',
    isClustered: info.get('cluster_enabled') === '1',
  }
}

function requireFit(info: ReadonlyMap<string, string>): void {
  const version = Number((info.get('redis_version') ?? '0').split('.')[0])
  const isValkey = info.has('valkey_version')
  if (version < 7 && !isValkey) {
    throw new UnfitServer(`Redis ${info.get('redis_version') ?? ''} is too old: use Redis 7 or Valkey.`)
  }
  const policy = info.get('maxmemory_policy') ?? 'noeviction'
  if (policy !== 'noeviction') {
    throw new UnfitServer(
      `This Redis may throw away what it was told to keep (maxmemory-policy ${policy}): set it to noeviction.`,
    )
  }
}

function parseInfo(reply: unknown): ReadonlyMap<string, string> {
  const fields = String(reply)
    .split(/\r?\n/)
    .map((line) => /^([a-z0-9_]+):(.*)$/.exec(line))
  return new Map(
    fields.flatMap((match) => (match === null ? [] : [[match[1] ?? '', match[2] ?? ''] as const])),
  )
}

/** A list of names and values, or an object of them, by what the client makes of a map. */
function parseSettings(reply: unknown): Readonly<Record<string, string>> {
  if (!Array.isArray(reply)) return typeof reply === 'object' && reply !== null ? { ...reply } : {}
  const values = reply.map(String)
  return Object.fromEntries(
    values.flatMap((value, at) => (at % 2 === 0 ? [[value, values[at + 1] ?? ''] as const] : [])),
  )
}

function required(info: ReadonlyMap<string, string>, name: string): string {
  const value = info.get(name)
  if (value === undefined)
    throw new UnfitServer(`This server does not say its ${name}: use Redis 7 or Valkey.`)
  return value
}
