import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './command.mjs'
import { Failure, runMain } from './failure.mjs'
import { ensureInstalled } from './install.mjs'
import { ensureBuilt } from './outputs.mjs'
import { node24, root, toolEnvironment } from './toolchain.mjs'

// `npm run bench -- NAME [args]` runs bench/NAME/run.ts on the sources.
await runMain(async () => {
  const [name = '', ...args] = process.argv.slice(2)
  const entry = join(root, 'bench', name, 'run.ts')
  if (name === '' || !existsSync(entry)) {
    throw new Failure('npm run bench -- NAME, where NAME is a folder of bench/', { exitCode: 1 })
  }
  await ensureInstalled()
  await ensureBuilt({ web: false })
  const { code } = await run(node24(), ['--conditions=@throughline/source', entry, ...args], {
    env: toolEnvironment(),
    timeoutMs: 60 * 60_000,
    show: true,
  })
  return code
})
