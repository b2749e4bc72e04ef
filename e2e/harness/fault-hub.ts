import { readdir, readFile, readlink } from 'node:fs/promises'
import { startRedisServer } from '@throughline/log/testing/redis-server'
import { apiUser, type ApiUser } from './api.ts'
import { startApp, type RunningApp } from './app.ts'
import { publisherToken } from './token.ts'

/** Where the hub of a fault keeps its streams: the suite runs once on each. */
const ON_REDIS = process.env['FAULT_ENGINE'] === 'redis'

export interface FaultHub {
  readonly hub: RunningApp
  /** Trusted with every session, and limited by nothing. */
  readonly backend: ApiUser
  /** A new session's id. */
  session(): Promise<string>
}

/** A hub of its own with limits that do not stand in a fault's way. */
export async function startFaultHub(env: Record<string, string> = {}): Promise<FaultHub> {
  const redis = ON_REDIS
    ? await startRedisServer('--appendonly', 'yes', '--appendfsync', 'always')
    : undefined
  const app = await startApp(
    {
      LOG_LEVEL: 'error',
      RATE_LIMIT_PER_MINUTE: '0',
      HEARTBEAT_MS: '500',
      ...(redis !== undefined && { REDIS_URL: redis.url }),
      ...env,
    },
    'hub',
  )
  const hub: RunningApp = {
    ...app,
    async dispose() {
      await app.dispose()
      await redis?.dispose()
    },
  }
  const backend = apiUser(hub.url, await publisherToken(hub.dataDir))
  return {
    hub,
    backend,
    session: async () => (await backend.json<{ id: string }>('POST', '/api/sessions', {})).id,
  }
}

/** Open descriptors of a process: all of them, and those that are sockets. */
export async function descriptors(pid: number): Promise<{ all: number; sockets: number }> {
  const folder = `/proc/${pid}/fd`
  // One may be gone before it is looked at.
  const targets = await Promise.all(
    (await readdir(folder)).map((name) => readlink(`${folder}/${name}`).catch(() => undefined)),
  )
  const open = targets.filter((target) => target !== undefined)
  return { all: open.length, sockets: open.filter((target) => target.startsWith('socket:')).length }
}

/** Memory of a process that is in use, MiB. */
export async function residentMiB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Math.round(Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1_024)
}
