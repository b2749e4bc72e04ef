import { expect, it } from 'vitest'
import { run } from './command.mjs'

const node = (script: string, timeoutMs = 20_000) => run(process.execPath, ['-e', script], { timeoutMs })

it('answers the exit code and the end of what was printed', async () => {
  const script = "console.log('x'.repeat(100_000)); console.error('the end'); process.exitCode = 3"
  const { code, tail } = await node(script)
  expect(code).toBe(3)
  expect(tail).toMatch(/the end$/)
  expect(tail.length).toBeLessThan(20_000)
})

it('answers 128 and the signal when the command was killed', async () => {
  expect(await node("process.kill(process.pid, 'SIGKILL')")).toMatchObject({ code: 137 })
})

it('gives the command no standard input to wait for', async () => {
  expect(await node("process.stdin.resume().on('end', () => process.exit(7))")).toMatchObject({ code: 7 })
})

it('stops a command that takes too long', async () => {
  const { code, tail } = await node('setInterval(() => {}, 1_000)', 200)
  expect(code).toBe(124)
  expect(tail).toContain('stopped after')
})

it('does not wait for a grandchild that keeps the output open', async () => {
  const grandchild =
    "spawn(process.execPath, ['-e', 'setTimeout(() => {}, 30_000)'], { stdio: 'inherit' }).unref()"
  const startedAt = performance.now()
  expect(await node(`const { spawn } = require('node:child_process'); ${grandchild}`)).toMatchObject({
    code: 0,
  })
  expect(performance.now() - startedAt).toBeLessThan(25_000)
})
