import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { chown, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { freePort } from '@throughline/log/testing/free-port'
import pg from 'pg'

const DEBIAN = '/usr/lib/postgresql'
const READY_WITHIN_MS = 30_000

export interface PostgresServer {
  /** The address of a new, empty database. */
  createDatabase(): Promise<string>
  /** Cuts its connections and is gone; again, it does nothing. */
  close(): Promise<void>
}

/** A Postgres of its own on a free port, with data that goes with it. */
export async function startPostgres(): Promise<PostgresServer> {
  const bin = binaries()
  const user = serverUser()
  const folder = await mkdtemp(join(tmpdir(), 'throughline-postgres-'))
  if (user !== undefined) await chown(folder, user.uid, user.gid)
  const as = { ...user, cwd: folder, env: { ...process.env, LC_ALL: 'C.UTF-8' } }
  const made = spawnSync(join(bin, 'initdb'), ['-D', 'data', '-U', 'test', '-A', 'trust', '-N'], as)
  if (made.status !== 0) throw new Error(`initdb: ${String(made.stderr)}${String(made.error ?? '')}`)
  const port = await freePort()
  const settings = ['fsync=off', 'listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`]
  const child = spawn(
    join(bin, 'postgres'),
    ['-D', 'data', '-p', String(port), ...settings.flatMap((one) => ['-c', one])],
    { ...as, stdio: 'ignore' },
  )
  const url = (name: string): string => `postgres://test@127.0.0.1:${String(port)}/${name}`
  await answers(child, url('postgres'))
  const close = async (): Promise<void> => {
    const gone = new Promise((resolve) => child.once('exit', resolve))
    // "Fast": connections are cut, nothing waits for them.
    child.kill('SIGINT')
    await gone
    await rm(folder, { recursive: true, force: true })
  }
  let closed: Promise<void> | undefined
  let databases = 0
  return {
    async createDatabase() {
      databases += 1
      const name = `test_${String(databases)}`
      await run(url('postgres'), `create database ${name}`)
      return url(name)
    },
    close: () => (closed ??= close()),
  }
}

async function answers(child: ChildProcess, url: string): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS
  while (Date.now() < deadline && child.exitCode === null) {
    try {
      return await run(url, 'select 1')
    } catch {
      await wait(50)
    }
  }
  throw new Error('Postgres was not ready in time.')
}

async function run(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  try {
    await client.connect()
    await client.query(text)
  } finally {
    await client.end()
  }
}

/** Debian keeps the server's programs off the path. */
function binaries(): string {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).toSorted((a, b) => Number(b) - Number(a)) : []
  const found = versions
    .map((version) => join(DEBIAN, version, 'bin'))
    .find((bin) => existsSync(join(bin, 'initdb')))
  if (found === undefined) throw new Error('Postgres is missing: apt-get install -y postgresql')
  return found
}

/** Postgres refuses to run as root; its package brings a user. */
function serverUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const id = (flag: string): number => Number(spawnSync('id', [flag, 'postgres']).stdout.toString().trim())
  return { uid: id('-u'), gid: id('-g') }
}
