import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { freePort } from '@throughline/log/testing/free-port'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { guest } from './harness/api.ts'
import { launchBrowser } from './harness/browser.ts'

const ROOT = join(import.meta.dirname, '..')
let hub: ChildProcess
let url: string

beforeAll(async () => {
  const port = await freePort()
  url = `http://127.0.0.1:${String(port)}`
  hub = run('embed.ts', [], { PORT: String(port) })
  await once(hub.stdout ?? hub, 'data')
})

afterAll(() => {
  hub.kill('SIGKILL')
})

function run(example: string, args: readonly string[], env: Record<string, string>): ChildProcess {
  return spawn(process.execPath, [join(ROOT, 'examples', example), ...args], {
    env: { ...process.env, NODE_ENV: '', NODE_OPTIONS: '', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

test('the examples run: an embedded hub with an agent, and a terminal that follows it', async () => {
  const { token } = await guest(url)
  const follow = run('follow.ts', ['from-a-terminal', 'Hello there, how are you?'], {
    HUB_URL: url,
    TOKEN: token,
  })
  let output = ''
  follow.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  // Not at its exit: what it printed may still be on its way here.
  const [code] = (await once(follow, 'close')) as [number | null]
  expect(code).toBe(0)
  expect(output).toBe('You said: Hello there, how are you?\n')
})

test('a page without a build follows a session by one script tag, over a reload too', async () => {
  const browser = await launchBrowser()
  onTestFinished(() => browser.close())
  const page = await browser.newPage()
  const errors: unknown[] = []
  page.on('pageerror', (error) => errors.push(error))
  await page.goto(`${url}/#by-script-tag`)
  await page.getByPlaceholder('Ask').fill('Is it this short?')
  await page.keyboard.press('Enter')
  const written = 'user: Is it this short?\nassistant: You said: Is it this short?'
  await expect.poll(() => page.locator('pre').textContent()).toBe(written)
  await page.reload()
  await expect.poll(() => page.locator('pre').textContent()).toBe(written)
  expect(errors).toEqual([])
})

test('the embedded hub drains at SIGTERM and ends with 0', async () => {
  const exited = once(hub, 'exit')
  hub.kill('SIGTERM')
  expect((await exited)[0]).toBe(0)
})
