import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { judgeAudit } from './advisories/judge-audit.mjs'
import { laterPatches } from './advisories/later-patches.mjs'
import { Failure, runMain } from './failure.mjs'
import { root } from './toolchain.mjs'

const timeoutMs = 60_000

// A command of its own and not part of `check`: what the registry knows changes without a change here.
await runMain(async () => {
  const exceptions = JSON.parse(readFileSync(join(root, 'scripts', 'advisories.json'), 'utf8'))
  const { unexplained, explained } = await judge(exceptions)
  for (const line of [...explained, ...unexplained]) console.log(line)
  console.log(
    unexplained.length === 0
      ? 'no high or critical weakness is known in what is installed'
      : `${unexplained.length} to mend, or to explain in scripts/advisories.json`,
  )
  return unexplained.length === 0 ? 0 : 1
})

/**
 * Without an answer nothing is clean; what is behind in patches is told then, for weaknesses are mended there.
 * @param {import('./advisories/judge-audit.mjs').Exception[]} exceptions
 */
async function judge(exceptions) {
  try {
    return judgeAudit(await ask(['audit', '--json', '--audit-level=high']), exceptions)
  } catch (error) {
    const later = laterPatches(await ask(['outdated', '--json']))
    console.log(
      later.length === 0 ? 'the registry names no later patch of any dependency of ours' : later.join('\n'),
    )
    throw error
  }
}

/**
 * What npm says; it exits with 1 when it found something.
 * @param {readonly string[]} args
 * @returns {Promise<unknown>}
 */
function ask(args) {
  return new Promise((resolve, reject) => {
    execFile('npm', args, { cwd: root, timeout: timeoutMs, maxBuffer: 32 * 1_048_576 }, (_, stdout) => {
      try {
        resolve(JSON.parse(stdout))
      } catch {
        reject(new Failure(`npm ${args[0]} did not answer: the registry cannot be reached.`, { exitCode: 1 }))
      }
    })
  })
}
