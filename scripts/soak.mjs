import { run } from './command.mjs'
import { runMain } from './failure.mjs'
import { ensureInstalled } from './install.mjs'
import { ensureBuilt } from './outputs.mjs'
import { node24, root, toolEnvironment } from './toolchain.mjs'

// The soak ends by itself when its minutes are over; this bounds one that hangs.
const timeoutMs = 24 * 60 * 60_000

await runMain(async () => {
  await ensureInstalled()
  await ensureBuilt({ web: false })
  const { code } = await run(node24(), ['e2e/soak.ts', ...process.argv.slice(2)], {
    cwd: root,
    env: toolEnvironment(),
    timeoutMs,
    show: true,
  })
  return code
})
