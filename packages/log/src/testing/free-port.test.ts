import { execFile } from 'node:child_process'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { freePort } from './free-port.ts'

/** So many that the same one would come up several times by chance. */
const COUNT = 400
/** Another process, which prints the ports that it was given. */
const OTHER = `
  import { freePort } from ${JSON.stringify(join(import.meta.dirname, 'free-port.ts'))}
  const ports = []
  for (let count = 0; count < ${String(COUNT)}; count += 1) ports.push(await freePort())
  console.log(JSON.stringify(ports))
`

test('a port is given once, to one process, and can be listened on', async () => {
  const own: number[] = []
  for (let count = 0; count < COUNT; count += 1) own.push(await freePort())
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', OTHER])
  const all = [...own, ...(JSON.parse(stdout) as number[])]
  expect(new Set(all).size).toBe(2 * COUNT)
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(own[0], '127.0.0.1', resolve))
  await new Promise((resolve) => server.close(resolve))
})
