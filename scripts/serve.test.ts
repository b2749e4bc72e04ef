import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'

// A server that counts requests to stop, and leaves with a code of its own a moment after its input has ended.
const server = `
let requests = 0
let asked = ''
const stop = (signal) => {
  requests += 1
  asked = signal
  console.log('asked')
}
process.on('SIGINT', stop).on('SIGTERM', stop)
process.stdin.resume().on('end', () => {
  setTimeout(() => { console.log('stopped after', requests, asked); process.exit(5) }, 300)
})
console.log('server started')
`

let folder = ''
let launcher: ChildProcess
let output = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'serve-'))
  writeFileSync(join(folder, 'server.mjs'), server)
  const { href } = new URL('serve.mjs', import.meta.url)
  const script = `import { serve } from '${href}'; process.exitCode = await serve(${JSON.stringify(join(folder, 'server.mjs'))}, [])`
  output = ''
  // A process group of its own stands in for a terminal's foreground group.
  launcher = spawn(process.execPath, ['--input-type=module', '-e', script], { detached: true, stdio: 'pipe' })
  launcher.stdout?.setEncoding('utf8').on('data', (chunk: string) => (output += chunk))
})

afterEach(() => {
  launcher.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})

it.each(['SIGINT', 'SIGTERM'] as const)(
  'passes %s on once, and leaves with the code of the server',
  async (signal) => {
    await printed('server started')
    process.kill(-pidOf(launcher), signal)
    await printed('asked')
    process.kill(pidOf(launcher), signal)
    launcher.stdin?.end()
    expect(await exitOf(launcher)).toBe(5)
    expect(output).toContain(`stopped after 1 ${signal}`)
  },
)

it('takes the server along when it is killed outright', async () => {
  await printed('server started')
  process.kill(-pidOf(launcher), 'SIGKILL')
  // The server holds the other end of the launcher's output; it closes when the server is gone.
  expect(await exitOf(launcher)).toBe(null)
  expect(output).not.toContain('stopped')
})

async function printed(text: string): Promise<void> {
  await expect.poll(() => output).toContain(text)
}

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('the process did not start')
  return pid
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('close', (code) => resolve(code)))
}
