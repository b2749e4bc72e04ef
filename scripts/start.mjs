import { runMain } from './failure.mjs'
import { ensureInstalled } from './install.mjs'
import { ensureBuilt } from './outputs.mjs'
import { serve } from './serve.mjs'

/** @type {Readonly<Record<string, string>>} */
const entries = {
  web: 'apps/web/server/main.ts',
  hub: 'packages/server/dist/bin/hub.js',
  worker: 'packages/agents/dist/bin/worker.js',
  token: 'packages/server/dist/bin/token.js',
  library: 'apps/web/server/library/add-command.ts',
  evaluate: 'packages/agents/dist/bin/evaluate.js',
  data: 'packages/server/dist/bin/data.js',
}
await runMain(async () => {
  const [first = '', ...rest] = process.argv.slice(2)
  const [mode, args] = Object.hasOwn(entries, first) ? [first, rest] : ['web', process.argv.slice(2)]
  await ensureInstalled()
  await ensureBuilt({ web: mode === 'web' })
  return serve(entries[mode] ?? '', args)
})
