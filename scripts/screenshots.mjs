import { join } from 'node:path'
import { run } from './command.mjs'
import { runMain } from './failure.mjs'
import { ensureInstalled } from './install.mjs'
import { ensureBuilt } from './outputs.mjs'
import { ensureSystemTools } from './system-tools.mjs'
import { node24, toolEnvironment } from './toolchain.mjs'

const timeoutMs = 10 * 60_000

await runMain(async () => {
  await ensureInstalled()
  await ensureSystemTools()
  await ensureBuilt()
  const { code } = await run(node24(), [join('e2e', 'screenshots.ts')], {
    env: toolEnvironment(),
    timeoutMs,
    show: true,
  })
  return code
})
