import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from '@throughline/log/testing/free-port'
import { waitUntil } from './wait-until.ts'

const APP = join(import.meta.dirname, '..', '..', 'apps', 'web')
const STANDALONE = join(APP, '.next', 'standalone', 'apps', 'web')
const NEXT = join(import.meta.dirname, '..', '..', 'node_modules', 'next', 'dist', 'bin', 'next')

/** The ways to run a Next app without a server of one's own. */
export type NextMode = 'start' | 'dev' | 'standalone'

export interface NextServer {
  readonly url: string
  readonly port: number
  pid(): number
  output(): string
  dispose(): Promise<void>
}

/** Starts the built app as Next does it, in front of the hub that `env` names. */
export async function startNext(mode: NextMode, env: Record<string, string>): Promise<NextServer> {
  const port = await freePort()
  const url = `http://127.0.0.1:${String(port)}`
  const place = ['--port', String(port), '--hostname', '127.0.0.1']
  // A standalone build leaves the files for browsers to whoever deploys it.
  if (mode === 'standalone') {
    await cp(join(APP, '.next', 'static'), join(STANDALONE, '.next', 'static'), { recursive: true })
  }
  const args = mode === 'standalone' ? [join(STANDALONE, 'server.js')] : [NEXT, mode, ...place]
  const { NODE_ENV: _testing, NODE_OPTIONS: _options, ...inherited } = process.env
  const child = spawn(process.execPath, args, {
    cwd: APP,
    env: { ...inherited, NEXT_TELEMETRY_DISABLED: '1', PORT: String(port), HOSTNAME: '127.0.0.1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let output = ''
  const collect = (chunk: Buffer): void => {
    output += chunk.toString()
  }
  child.stdout.on('data', collect)
  child.stderr.on('data', collect)

  /** With whatever it started itself. */
  const dispose = async (): Promise<void> => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    process.kill(-child.pid, 'SIGKILL')
    await exited
  }
  try {
    await waitUntil(async () => {
      if (child.exitCode !== null) throw new Error(`next ${mode} ended:\n${output}`)
      const answer = await fetch(`${url}/healthz`).catch(() => undefined)
      await answer?.body?.cancel()
      return answer?.ok === true
    }, `next ${mode} to answer`)
  } catch (error) {
    await dispose()
    throw error
  }
  return { url, port, pid: () => child.pid ?? 0, output: () => output, dispose }
}
