/** `npm start` on a built tree: from the command to the first page answered. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@throughline/log/testing/free-port'
import { measurePart } from '../harness/part.ts'
import type { Figures } from '../harness/results.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const LIMIT_MS = 60_000

async function start(dataDir: string): Promise<Figures> {
  const port = await freePort()
  const began = performance.now()
  const child = spawn('npm', ['start'], {
    cwd: ROOT,
    env: { ...process.env, PORT: String(port), DATA_DIR: dataDir },
    stdio: 'ignore',
  })
  const exited = once(child, 'exit')
  try {
    while (!(await answers(`http://127.0.0.1:${port}/`))) {
      if (performance.now() - began > LIMIT_MS) throw new Error('npm start did not answer within a minute')
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    return { seconds: (performance.now() - began) / 1_000 }
  } finally {
    child.kill('SIGTERM')
    await exited
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url)
    return (await response.text()) !== '' && response.ok
  } catch {
    return false
  }
}

const dataDir = await mkdtemp(join(tmpdir(), 'throughline-bench-'))
try {
  // The first start fills the library, which goes on after the page is there.
  await measurePart({
    name: 'start',
    title: 'npm start on a built tree: until the first page is answered',
    columns: { seconds: 'seconds' },
    runs: 3,
    subjects: { throughline: () => start(dataDir) },
  })
} finally {
  await rm(dataDir, { recursive: true, force: true })
}
