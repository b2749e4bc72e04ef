import { setTimeout as wait } from 'node:timers/promises'
import { startRedisServer, type RedisServer } from '@throughline/log/testing/redis-server'
import { apiUser, type ApiUser } from './api.ts'
import { startApp, type RunningApp } from './app.ts'
import { startNginx, type Nginx, type NginxOptions } from './nginx.ts'
import { publisherToken } from './token.ts'

const SECRET = 'a secret that all nodes of a test share, long enough'
const NODES = 3

/** Three hubs on one Redis behind one nginx: the deployment, as processes of this machine. */
export interface Cluster {
  readonly nodes: readonly RunningApp[]
  readonly redis: RedisServer
  readonly nginx: Nginx
  /** Trusted with every session; speaks through nginx. */
  readonly backend: ApiUser
  /** The same, straight to one node. */
  at(node: number): ApiUser
  /** A new session's id. */
  session(): Promise<string>
  dispose(): Promise<void>
}

export interface ClusterOptions extends Pick<NginxOptions, 'replace' | 'tls'> {
  readonly env?: Readonly<Record<string, string>>
  /** Of redis-server. Default: each write is on disk before it is answered. */
  readonly redisSettings?: readonly string[]
}

export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const { env = {}, redisSettings = ['--appendonly', 'yes', '--appendfsync', 'always'], ...front } = options
  const redis = await startRedisServer(...redisSettings)
  const settings = {
    LOG_LEVEL: 'fatal',
    RATE_LIMIT_PER_MINUTE: '0',
    HEARTBEAT_MS: '500',
    JWT_SECRET: SECRET,
    REDIS_URL: redis.url,
    TRUSTED_PROXIES: '127.0.0.1',
    ...env,
  }
  const nodes = await Promise.all(Array.from({ length: NODES }, () => startApp(settings, 'hub')))
  const nginx = await startNginx({ ...front, nodes: nodes.map(({ port }) => port) })
  const token = await publisherToken(nodes[0]?.dataDir ?? '', SECRET)
  const backend = apiUser(nginx.url, token)
  return {
    nodes,
    redis,
    nginx,
    backend,
    at: (node) => apiUser(nodes[node]?.url ?? '', token),
    // A node may just be going down: what creates is safe to send again, for each try makes a session of its own.
    session: async () => (await sent<{ id: string }>(backend, '/api/sessions')).id,
    async dispose() {
      await nginx.dispose()
      await Promise.all(nodes.map((node) => node.dispose()))
      await redis.dispose()
    },
  }
}

async function sent<T>(user: ApiUser, path: string): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await user.json<T>('POST', path, {})
    } catch (error) {
      if (attempt === 20) throw error
      await wait(100)
    }
  }
}
