import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './command.mjs'
import { indent } from './failure.mjs'
import { step } from './progress.mjs'
import { node24, root, toolEnvironment, toolPath } from './toolchain.mjs'

const timeoutMs = 15 * 60_000

/**
 * @typedef {{ title: string, cwd?: string, commands: () => readonly (readonly string[])[] }} Stage
 *   commands for Node 24, run one after the other until one fails
 */

/** @type {readonly Stage[]} */
const stages = [
  // The app's types, to the checker and to the linter, are those of the built packages.
  {
    title: 'project references',
    commands: () => [[toolPath('typescript', 'tsc'), '-b', 'tsconfig.build.json']],
  },
  { title: 'formatting', commands: () => [[toolPath('prettier'), '--check', '--log-level=warn', '.']] },
  { title: 'types', commands: () => [[toolPath('typescript', 'tsc'), '-p', 'tsconfig.json']] },
  {
    title: 'types of apps/web',
    cwd: join(root, 'apps', 'web'),
    commands: () => [
      [toolPath('next'), 'typegen'],
      [toolPath('typescript', 'tsc'), '-p', 'tsconfig.json', '--noEmit'],
    ],
  },
  { title: 'lint', commands: () => [[toolPath('eslint'), '--max-warnings=0', '.']] },
  { title: 'unused code', commands: () => [[toolPath('knip'), '--no-config-hints']] },
  { title: 'structure', commands: () => [[join('scripts', 'structure.ts')]] },
  { title: 'size of what browsers load', commands: () => [[join('scripts', 'size.ts')]] },
]

/**
 * Runs every stage, whatever the earlier ones say.
 * @returns {Promise<{ title: string, ok: boolean }[]>}
 */
export async function runCheckStages() {
  const results = []
  for (const stage of stages) {
    if (stage.cwd !== undefined && !existsSync(join(stage.cwd, 'tsconfig.json'))) continue
    const { code, tail } = await step(
      stage.title,
      () => runStage(stage),
      (result) => result.code === 0,
    )
    if (code !== 0) console.log(indent(tail))
    results.push({ title: stage.title, ok: code === 0 })
  }
  return results
}

/** @param {Stage} stage */
async function runStage({ cwd = root, commands }) {
  let result = { code: 0, tail: '' }
  for (const args of commands()) {
    result = await run(node24(), args, { cwd, env: toolEnvironment(), timeoutMs })
    if (result.code !== 0) break
  }
  return result
}
