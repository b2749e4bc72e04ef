import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { freePort } from '@throughline/log/testing/free-port'

const ROOT = join(import.meta.dirname, '..', '..')
// With a database that includes its first reading of the bundled pages, on whatever machine this is.
const READY_WITHIN_MS = 100_000

/** What a process of the product can be started as. */
export type Entry = 'app' | 'hub' | 'worker'

const ENTRIES: Record<Entry, string> = {
  app: 'apps/web/server/main.ts',
  hub: 'packages/server/dist/bin/hub.js',
  worker: 'packages/agents/dist/bin/worker.js',
}

export interface RunningApp {
  readonly url: string
  readonly port: number
  readonly dataDir: string
  /** The id of its process; another one after `restart`. */
  pid(): number
  /** Everything it printed so far. */
  output(): string
  /** As a power cut for the process: nothing is flushed, nobody is told. */
  kill(): Promise<void>
  /** SIGTERM; the exit code once it drained. */
  stop(): Promise<number | null>
  /** Starts again on the same data and port. */
  restart(): Promise<void>
  /** Stops it and removes its data. */
  dispose(): Promise<void>
}

const running = new Set<ChildProcess>()
// However the tests end, what they started ends with them: the next ones need the machine.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** This process's environment without what the test runner put there. */
function inherited(): NodeJS.ProcessEnv {
  const { NODE_ENV: _testing, NODE_OPTIONS: _options, ...env } = process.env
  return env
}

/** Starts the app or a hub on a free port with data of its own, and waits until it is ready. */
export async function startApp(env: Record<string, string> = {}, entry: Entry = 'app'): Promise<RunningApp> {
  const port = await freePort()
  const url = `http://127.0.0.1:${String(port)}`
  const dataDir = await mkdtemp(join(tmpdir(), 'throughline-e2e-'))
  let child: ChildProcess | undefined
  let output = ''

  const start = async () => {
    child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ENTRIES[entry]], {
      cwd: ROOT,
      env: { ...inherited(), PORT: String(port), DATA_DIR: dataDir, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const started = child
    running.add(started)
    started.once('exit', () => running.delete(started))
    const collect = (chunk: Buffer) => {
      output += chunk.toString()
    }
    child.stdout?.on('data', collect)
    child.stderr?.on('data', collect)
    if (entry === 'worker') return
    await ready(url, child, () => output).catch(async (error: unknown) => {
      await end('SIGKILL')
      throw error
    })
  }
  const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
    const running = child
    if (running === undefined || running.exitCode !== null || running.signalCode !== null)
      return running?.exitCode ?? null
    const exited = new Promise<number | null>((resolve) => running.once('exit', resolve))
    running.kill(signal)
    return exited
  }

  await start()
  return {
    url,
    port,
    dataDir,
    pid: () => child?.pid ?? 0,
    output: () => output,
    kill: async () => {
      await end('SIGKILL')
    },
    stop: () => end('SIGTERM'),
    restart: start,
    dispose: async () => {
      await end('SIGKILL')
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

async function ready(url: string, child: ChildProcess, output: () => string): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`it ended before it was ready:\n${output()}`)
    const answer = await fetch(`${url}/readyz`).catch(() => undefined)
    await answer?.body?.cancel()
    if (answer?.ok === true) return
    await wait(50)
  }
  throw new Error(`it was not ready in time:\n${output()}`)
}
