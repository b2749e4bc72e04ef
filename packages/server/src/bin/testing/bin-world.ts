import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'

export interface RunningEntry {
  readonly child: ChildProcess
  /** Resolves with the address that a hub says on its standard output. */
  readonly url: Promise<string>
  readonly ended: Promise<{ code: number | null; output: string; errors: string }>
}

export interface BinWorld {
  /** The data directory of the test that runs. */
  dataDir(): string
  /** Runs a command of `src/bin`, which the end of the test kills. */
  run(entry: string, env?: Readonly<Record<string, string>>, args?: readonly string[]): RunningEntry
  /** Starts a hub on a free port and waits until it says where. */
  startHub(env?: Readonly<Record<string, string>>): Promise<Omit<RunningEntry, 'url'> & { url: string }>
  /** A token that may publish. */
  token(): Promise<string>
}

/** Real processes over one data directory for each test; to be called once in a test file. */
export function createBinWorld(): BinWorld {
  const children: ChildProcess[] = []
  let dataDir = ''

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'throughline-bin-'))
  })
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
    await rm(dataDir, { recursive: true, force: true })
  })

  const run: BinWorld['run'] = (entry, env = {}, args = []) => {
    const child = spawn(
      process.execPath,
      ['--conditions=@throughline/source', join(import.meta.dirname, '..', entry), ...args],
      {
        env: { PATH: process.env['PATH'] ?? '', DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'warn', ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    )
    children.push(child)
    let output = ''
    let errors = ''
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
    const url = new Promise<string>((resolve) => {
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString()
        const found = /^Throughline hub: (http:\S+)\n/m.exec(output)?.[1]
        if (found !== undefined) resolve(found)
      })
    })
    const ended = new Promise<{ code: number | null; output: string; errors: string }>((resolve) => {
      child.on('close', (code) => {
        resolve({ code, output, errors })
      })
    })
    return { child, url, ended }
  }

  return {
    dataDir: () => dataDir,
    run,
    async startHub(env = {}) {
      const hub = run('hub.ts', env)
      const ended = hub.ended.then(({ errors }): never => {
        throw new Error(errors)
      })
      return { ...hub, url: await Promise.race([hub.url, ended]) }
    },
    async token() {
      const args = ['--user', 'backend', '--scope', 'publish']
      const { code, output, errors } = await run('token.ts', {}, args).ended
      if (code !== 0) throw new Error(errors)
      return output.trim()
    },
  }
}
