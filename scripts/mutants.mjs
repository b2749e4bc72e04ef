import { fileURLToPath } from 'node:url'
import { run } from './command.mjs'
import { runMain } from './failure.mjs'
import { ensureInstalled } from './install.mjs'
import { node24, toolEnvironment } from './toolchain.mjs'

const timeoutMs = 60 * 60_000

// What follows is TypeScript: an older Node starts this file again on the pinned one.
await runMain(async () => {
  await ensureInstalled()
  const args = process.argv.slice(2)
  if (Number(process.versions.node.split('.')[0]) >= 24) {
    const { runMutants } = await import('./mutants/run-mutants.ts')
    return runMutants(args)
  }
  const self = fileURLToPath(import.meta.url)
  const { code } = await run(node24(), [self, ...args], { env: toolEnvironment(), timeoutMs, show: true })
  return code
})
