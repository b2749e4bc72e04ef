import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { pinned } from './pinning.ts'

const SERVER_CPU = 0
const READY_WITHIN_MS = 30_000
const STOP_WITHIN_MS = 10_000

const running = new Set<ChildProcess>()
// Whoever stops a benchmark stops its servers.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130))

/** A running server. */
export interface SubjectProcess {
  readonly pids: readonly number[]
  stop(): Promise<void>
}

export interface SubjectCommand {
  readonly command: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly port: number
  readonly cwd?: string
}

/** Starts a server on the servers' core and waits until it takes connections. @throws what it printed */
export async function startProcess({ command, env, port, cwd }: SubjectCommand): Promise<SubjectProcess> {
  const [first, ...args] = pinned(SERVER_CPU, command)
  const child = spawn(first, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_ENV: 'production', PORT: String(port), ...env },
    ...(cwd !== undefined && { cwd }),
  })
  running.add(child)
  child.once('exit', () => running.delete(child))
  let output = ''
  const collect = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-4_096)
  }
  child.stdout.on('data', collect)
  child.stderr.on('data', collect)
  const deadline = performance.now() + READY_WITHIN_MS
  while (!(await listens(port))) {
    if (child.exitCode !== null || performance.now() > deadline) {
      child.kill('SIGKILL')
      throw new Error(`${command.join(' ')} did not start:\n${output}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return {
    pids: child.pid === undefined ? [] : [child.pid],
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS)
      await exited
      clearTimeout(timer)
    },
  }
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
