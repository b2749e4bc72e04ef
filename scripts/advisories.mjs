import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { judgeAudit } from './advisories/judge-audit.mjs'
import { Failure, runMain } from './failure.mjs'
import { root } from './toolchain.mjs'

const timeoutMs = 60_000

// A command of its own and not part of `check`: what the registry knows changes without a change here.
await runMain(async () => {
  const exceptions = JSON.parse(readFileSync(join(root, 'scripts', 'advisories.json'), 'utf8'))
  const { unexplained, explained } = judgeAudit(await askRegistry(), exceptions)
  for (const line of [...explained, ...unexplained]) console.log(line)
  console.log(
    unexplained.length === 0
      ? 'no high or critical weakness is known in what is installed'
      : `${unexplained.length} to mend, or to explain in scripts/advisories.json`,
  )
  return unexplained.length === 0 ? 0 : 1
})

/**
 * What `npm audit` says; it exits with 1 when it found something.
 * @returns {Promise<unknown>}
 */
function askRegistry() {
  return new Promise((resolve, reject) => {
    const args = ['audit', '--json', '--audit-level=high']
    execFile('npm', args, { cwd: root, timeout: timeoutMs, maxBuffer: 32 * 1_048_576 }, (_, stdout) => {
      try {
        resolve(JSON.parse(stdout))
      } catch {
        reject(new Failure('npm audit did not answer: the registry cannot be reached.', { exitCode: 1 }))
      }
    })
  })
}
