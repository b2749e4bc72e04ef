import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { freePort } from './free-port.ts'

/** A Redis of its own: a child process on a free port with a folder of its own. */
export interface RedisServer {
  readonly port: number
  readonly url: string
  readonly directory: string
  pid(): number
  /** Sends one command and resolves with what was answered, as text. */
  command(...words: string[]): Promise<string>
  /** SIGKILL: nothing is flushed, nobody is told. */
  kill(): Promise<void>
  /** Starts it again on the same port and folder, when it was killed. */
  restart(...moreSettings: string[]): Promise<void>
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void
  /** Ends it and removes its folder. */
  dispose(): Promise<void>
}

const READY_WITHIN_MS = 15_000
/** Redis, or a Valkey that `REDIS_SERVER` names. */
const PROGRAM = process.env['REDIS_SERVER'] ?? 'redis-server'

/** Starts a Redis with settings as on its command line, `--appendonly yes` and the like. */
export function startRedisServer(...settings: string[]): Promise<RedisServer> {
  return startRedisProcess((port, directory) => {
    const own = ['--port', String(port), '--bind', '127.0.0.1', '--dir', directory, '--loglevel', 'warning']
    return Promise.resolve([...own, '--save', '', ...settings])
  })
}

/** Starts a Redis as whatever its arguments make of it, and resolves once it answers. */
export async function startRedisProcess(
  argumentsFor: (port: number, directory: string) => Promise<readonly string[]>,
): Promise<RedisServer> {
  const port = await freePort()
  const directory = await mkdtemp(join(tmpdir(), 'throughline-redis-'))
  const fixed = await argumentsFor(port, directory)
  let child: ChildProcess | undefined

  const start = async (more: readonly string[]): Promise<void> => {
    child = spawn(PROGRAM, [...fixed, ...more], { stdio: 'ignore' })
    const { exited, failed } = watch(child)
    const deadline = Date.now() + READY_WITHIN_MS
    while ((await talk(port, ['PING']).catch(() => '')) !== '+PONG') {
      if (exited() || Date.now() > deadline) throw failed() ?? new Error(`${PROGRAM} did not start`)
      await wait(20)
    }
  }
  const kill = async (): Promise<void> => {
    const running = child
    if (running?.exitCode !== null || running.signalCode !== null) return
    const exited = new Promise((resolve) => running.once('exit', resolve))
    running.kill('SIGKILL')
    await exited
  }

  await start([])
  return {
    port,
    url: `redis://127.0.0.1:${String(port)}`,
    directory,
    pid: () => child?.pid ?? 0,
    command: (...words) => talk(port, words),
    kill,
    restart: (...more) => start(more),
    signal(signal) {
      child?.kill(signal)
    },
    async dispose() {
      await kill()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

function watch(child: ChildProcess): { exited: () => boolean; failed: () => Error | undefined } {
  let failure: Error | undefined
  child.once('error', (error) => {
    failure = error
  })
  return { exited: () => failure !== undefined || child.exitCode !== null, failed: () => failure }
}

/** Sends one command over a connection of its own; resolves with the first answer, less its line end. */
function talk(port: number, words: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ port, host: '127.0.0.1' })
    let answer = ''
    socket.setTimeout(5_000, () => {
      socket.destroy(new Error(`${PROGRAM} does not answer ${words.join(' ')}`))
    })
    socket.on('error', reject)
    socket.on('data', (bytes: Buffer) => {
      answer += bytes.toString()
      // A long text is not waited for: what a test asks for is short.
      if (!answer.endsWith('\r\n')) return
      socket.end()
      resolve(answer.trimEnd())
    })
    const parts = words.map((word) => `$${String(Buffer.byteLength(word))}\r\n${word}\r\n`)
    socket.write(`*${String(words.length)}\r\n${parts.join('')}`)
  })
}
