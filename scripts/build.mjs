import { runMain } from './failure.mjs'
import { ensureInstalled } from './install.mjs'
import { ensureBuilt } from './outputs.mjs'

await runMain(async () => {
  await ensureInstalled()
  await ensureBuilt()
  return 0
})
