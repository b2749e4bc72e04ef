/**
 * What a cluster on Redis costs, for docs/scaling.md.
 *
 *   npm run bench -- redis [streams] [events of each stream]
 *
 * Method: one redis-server (AOF, everysec) and one hub as child processes. (1) memory of Redis for sessions, for events
 * of 200 bytes payload, and after nine in ten of them were compacted. (2) every stream appends in a closed loop, one event
 * an append, from this process: CPU of Redis, of this process and of the hub, which hears of each and has no reader.
 * (3) ten readers on each of a tenth of the streams: memory of the hub for a connection, its CPU for a delivered event.
 * Medians of three runs, each with a Redis and a hub of its own. CPU is what the kernel charged; absolute figures follow
 * the machine and its load, which is stored.
 */
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { Agent, get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { openRedis, type RedisLog } from '@throughline/log/redis'
import { freePort } from '@throughline/log/testing/free-port'
import { startRedisServer, type RedisServer } from '@throughline/log/testing/redis-server'
import { createTokenIssuer } from '@throughline/server'
import { Redis } from 'ioredis'
import { medians } from '../harness/part.ts'
import { beginPart, machine, type Figures } from '../harness/results.ts'
import { figure, table } from '../harness/table.ts'

const [, , streamsText = '1000', eventsText = '100'] = process.argv
const STREAMS = Number(streamsText)
const EVENTS = Number(eventsText)
const READERS = 10
const RUNS = 3
const SECRET = 'a secret for a bench that is 32 bytes or more'
/** Clock ticks a second, as Linux counts CPU for /proc. */
const TICKS = 100

const names = Array.from({ length: STREAMS }, (_, at) => `s${String(at)}`)
const body = (stream: string): string =>
  `{"type":"measured","data":"${'x'.repeat(200)}","timestamp":1,"sessionId":"${stream}"}`

async function info(redis: RedisServer, section: string, field: string): Promise<number> {
  const text = await redis.command('INFO', section)
  return Number(new RegExp(`^${field}:([0-9.]+)`, 'm').exec(text)?.[1])
}

const redisCpuMs = async (redis: RedisServer): Promise<number> =>
  1_000 * ((await info(redis, 'cpu', 'used_cpu_user')) + (await info(redis, 'cpu', 'used_cpu_sys')))

const usedBytes = (redis: RedisServer): Promise<number> => info(redis, 'memory', 'used_memory')

async function processCpuMs(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${String(pid)}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? []
  return ((Number(fields[11]) + Number(fields[12])) * 1_000) / TICKS
}

async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${String(pid)}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1_024
}

async function startHub(redisUrl: string): Promise<{ pid: number; url: string; stop: () => Promise<void> }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'throughline-bench-'))
  const port = await freePort()
  const child = spawn(process.execPath, ['packages/server/dist/bin/hub.js'], {
    stdio: 'ignore',
    env: {
      ...process.env,
      PORT: String(port),
      DATA_DIR: dataDir,
      REDIS_URL: redisUrl,
      JWT_SECRET: SECRET,
      LOG_LEVEL: 'fatal',
    },
  })
  const url = `http://127.0.0.1:${String(port)}`
  while (!(await fetch(`${url}/readyz`).catch(() => undefined))?.ok) {
    if (child.exitCode !== null) throw new Error('the hub did not start')
    await wait(50)
  }
  return {
    pid: child.pid ?? 0,
    url,
    async stop() {
      child.kill('SIGKILL')
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** Each stream appends its events one after the other, all streams at once. */
async function saturate(log: RedisLog, streams: readonly string[], events: number): Promise<number> {
  const began = performance.now()
  await Promise.all(
    streams.map(async (stream) => {
      for (let at = 0; at < events; at += 1) {
        await log.driver.append({ stream, drafts: [{ type: 'measured', body: body(stream) }] })
      }
    }),
  )
  return performance.now() - began
}

/** Opens readers and counts what they are given. */
async function read(
  url: string,
  streams: readonly string[],
): Promise<{ events: () => number; close: () => void }> {
  const issue = createTokenIssuer({ secret: SECRET, issuer: 'throughline' })
  const claims = { sub: 'bench', audience: 'throughline', ttlMs: 3_600_000, scope: 'publish' }
  const { token } = await issue(claims)
  const agent = new Agent({ maxSockets: Infinity })
  let events = 0
  const open = (stream: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}`, accept: 'text/event-stream' }
      const asked = get(`${url}/api/sse?sessionId=${stream}`, { agent, headers }, (answer) => {
        answer.setEncoding('latin1')
        answer.on('data', (text: string) => {
          events += text.split('event: measured').length - 1
          if (text.includes('event: caught_up')) resolve()
        })
        answer.on('error', () => undefined)
      })
      asked.on('error', reject)
    })
  for (const stream of streams) await Promise.all(Array.from({ length: READERS }, () => open(stream)))
  return {
    events: () => events,
    close() {
      agent.destroy()
    },
  }
}

/** Everything once: each figure by what it is and its unit. */
async function measure(): Promise<Figures> {
  const figures: Record<string, number> = {}
  const note = (what: string, figure: number, unit: string): void => {
    figures[`${what}, ${unit}`] = figure
  }
  const redis = await startRedisServer('--appendonly', 'yes')
  const log = await openRedis({
    connect: () => new Redis(redis.url, { lazyConnect: true }),
    timeoutMs: 60_000,
  })
  const hub = await startHub(redis.url)

  const empty = await usedBytes(redis)
  for (const id of names) {
    const times = { createdAt: 1, updatedAt: 1, deletedAt: null }
    await log.driver.sessions.create({
      id,
      userId: `u${id}`,
      title: '',
      renamed: false,
      archived: false,
      ...times,
    })
  }
  const created = await usedBytes(redis)
  note('Redis, memory of a session without events', (created - empty) / STREAMS, 'B')

  const before = { redis: await redisCpuMs(redis), hub: await processCpuMs(hub.pid), own: process.cpuUsage() }
  const tookMs = await saturate(log, names, EVENTS)
  const count = STREAMS * EVENTS
  const own = process.cpuUsage(before.own)
  const filled = await usedBytes(redis)
  note('Redis, memory of an event of 200 bytes payload', (filled - created) / count, 'B')
  note('appends a second, one event each', count / (tookMs / 1_000), '/s')
  note('Redis, CPU of an append', ((await redisCpuMs(redis)) - before.redis) * (1_000 / count), 'µs')
  note('node that appends, CPU of an append', (own.user + own.system) / count, 'µs')
  note(
    'every other node, CPU of an event that nobody reads there',
    ((await processCpuMs(hub.pid)) - before.hub) * (1_000 / count),
    'µs',
  )

  for (const stream of names) {
    const offsets = Array.from({ length: EVENTS - 1 }, (_, at) => at + 1).filter((at) => at % 10 !== 0)
    await log.driver.compact(stream, offsets)
  }
  note(
    'Redis, memory that compaction of nine in ten events gives back',
    (100 * (filled - (await usedBytes(redis)))) / (filled - created),
    '%',
  )

  const followed = names.slice(0, Math.ceil(STREAMS / 10))
  const resident = await residentBytes(hub.pid)
  const readers = await read(hub.url, followed)
  const connections = followed.length * READERS
  note(
    `hub, memory of a connection (${String(connections)} of them)`,
    ((await residentBytes(hub.pid)) - resident) / connections / 1_024,
    'KB',
  )
  const read0 = { hub: await processCpuMs(hub.pid), events: readers.events() }
  await saturate(log, followed, EVENTS)
  const expected = read0.events + followed.length * EVENTS * READERS
  while (readers.events() < expected) await wait(20)
  const delivered = readers.events() - read0.events
  note(
    'hub, CPU of a delivered event',
    ((await processCpuMs(hub.pid)) - read0.hub) * (1_000 / delivered),
    'µs',
  )

  readers.close()
  await hub.stop()
  await log.dispose()
  await redis.dispose()
  return figures
}

const store = beginPart('redis', RUNS)
const rounds: Figures[] = []
while (rounds.length < RUNS) rounds.push(await measure())
const figures = medians(rounds)
console.log(`${machine()}\n${String(STREAMS)} streams, ${String(EVENTS)} events each\n`)
console.log(table([['', ''], ...Object.entries(figures).map(([what, value]) => [what, figure(value)])]))
store({ throughline: figures })
