import { runCheckStages } from './check-stages.mjs'
import { runMain } from './failure.mjs'
import { ensureInstalled } from './install.mjs'

await runMain(async () => {
  await ensureInstalled()
  const results = await runCheckStages()
  const failed = results.filter(({ ok }) => !ok).map(({ title }) => title)
  console.log(
    failed.length === 0
      ? `all ${results.length} checks passed`
      : `${failed.length} of ${results.length} checks failed: ${failed.join(', ')}`,
  )
  return failed.length === 0 ? 0 : 1
})
