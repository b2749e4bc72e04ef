import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCheckStages } from './check-stages.mjs'
import { run } from './command.mjs'
import { Failure, indent, runMain } from './failure.mjs'
import { ensureInstalled } from './install.mjs'
import { ensureBuilt } from './outputs.mjs'
import { ensureSystemTools } from './system-tools.mjs'
import { isSuccess, summaryLine, sumOf, tallyOf } from './test-report.mjs'
import { node24, toolEnvironment, toolPath } from './toolchain.mjs'

const timeoutMs = 45 * 60_000

/** @typedef {import('./test-report.mjs').Tally} Tally */

/**
 * @param {string} title
 * @param {boolean} ok
 * @returns {Tally}
 */
function single(title, ok) {
  const failures = ok ? [] : [title]
  return { passed: ok ? 1 : 0, failed: failures.length, skipped: 0, failures, skippedNames: [] }
}

/** @returns {Promise<boolean>} false after a failed build, whose output has been shown */
async function build() {
  try {
    await ensureBuilt()
    return true
  } catch (error) {
    if (!(error instanceof Failure) || error.exitCode !== 1) throw error
    console.log(indent(error.tail))
    console.log(error.message)
    return false
  }
}

/**
 * @param {readonly string[]} projects share the workers, so that none waits for another's last file
 * @returns {Promise<Tally>}
 */
async function runVitest(projects) {
  console.log(`\n${projects.join(' and ')} tests`)
  const folder = mkdtempSync(join(tmpdir(), 'throughline-test-'))
  const reportFile = join(folder, 'report.json')
  try {
    const { code } = await run(
      node24(),
      [
        toolPath('vitest'),
        'run',
        ...projects.map((project) => `--project=${project}`),
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${reportFile}`,
      ],
      { env: toolEnvironment(), timeoutMs, show: true },
    )
    return tallyOf(existsSync(reportFile) ? JSON.parse(readFileSync(reportFile, 'utf8')) : undefined, code)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

await runMain(async () => {
  await ensureInstalled()
  await ensureSystemTools()
  const built = await build()
  const tallies = built ? [] : [single('build', false)]
  for (const { title, ok } of await runCheckStages()) tallies.push(single(title, ok))
  tallies.push(await runVitest(['unit']))
  if (built) tallies.push(await runVitest(['e2e', 'e2e-redis']))
  else console.log('\ne2e tests not run: they need the build that failed')

  const total = sumOf(tallies)
  const ci = !['', '0', 'false'].includes(process.env['CI'] ?? '')
  if (ci && total.skipped > 0) {
    console.log(`\nUnder CI a skipped test is a failure:\n${indent(total.skippedNames.join('\n'))}`)
  }
  if (total.failures.length > 0) console.log(`\nFailed:\n${indent(total.failures.join('\n'))}`)
  console.log(`\n${summaryLine(total)}`)
  return isSuccess(total, { ci }) ? 0 : 1
})
