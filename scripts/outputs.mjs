import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { run } from './command.mjs'
import { Failure } from './failure.mjs'
import { fingerprint } from './fingerprint.mjs'
import { step } from './progress.mjs'
import { node24, root, toolEnvironment, toolPath } from './toolchain.mjs'

const timeoutMs = 20 * 60_000
const webFolder = join(root, 'apps', 'web')

const packageNames = readdirSync(join(root, 'packages'), { withFileTypes: true })
  .filter(
    (entry) => entry.isDirectory() && existsSync(join(root, 'packages', entry.name, 'tsconfig.build.json')),
  )
  .map((entry) => entry.name)
const packageSources = [
  'package-lock.json',
  'tsconfig.base.json',
  'tsconfig.build.json',
  ...packageNames.flatMap((name) =>
    ['src', 'package.json', 'tsconfig.build.json'].map((part) => join('packages', name, part)),
  ),
]

/**
 * @typedef {{ title: string, sources: readonly string[], markers: readonly string[], cwd: string,
 *   args: () => readonly string[] }} Target
 *   `markers` lie inside the output, so that deleting the output forgets the build
 */

/** @type {Target} */
const packagesTarget = {
  title: 'building packages',
  sources: packageSources,
  markers: packageNames.map((name) => join(root, 'packages', name, 'dist', '.throughline-build')),
  cwd: root,
  args: () => [toolPath('typescript', 'tsc'), '-b', 'tsconfig.build.json'],
}

/** @type {Target} */
const scriptTarget = {
  title: 'building the client for script tags',
  sources: [...packageSources, 'scripts/bundle-client.mjs'],
  markers: [join(root, 'packages', 'client', 'dist', '.throughline-bundle')],
  cwd: root,
  args: () => [join('scripts', 'bundle-client.mjs')],
}

/** @type {Target} */
const webTarget = {
  title: 'building apps/web',
  sources: [...packageSources, 'tsconfig.json', 'apps/web'],
  markers: [join(webFolder, '.next', '.throughline-build')],
  cwd: webFolder,
  args: () => [toolPath('next'), 'build'],
}

/**
 * Builds what is out of date: the packages, the client in one file and, unless told otherwise, the web app on top of them.
 * @param {{ web?: boolean }} [options]
 * @throws {Failure} when a build fails
 */
export async function ensureBuilt({ web = true } = {}) {
  await ensureTarget(packagesTarget)
  await ensureTarget(scriptTarget)
  if (web) await ensureTarget(webTarget)
}

/** @param {Target} target */
async function ensureTarget({ title, sources, markers, cwd, args }) {
  const wanted = fingerprint(root, sources)
  if (markers.every((marker) => existsSync(marker) && readFileSync(marker, 'utf8') === wanted)) return
  for (const marker of markers) rmSync(marker, { force: true })
  const env = toolEnvironment({ NODE_ENV: 'production' })
  const { code, tail } = await step(
    title,
    () => run(node24(), args(), { cwd, env, timeoutMs }),
    (result) => result.code === 0,
  )
  if (code !== 0) throw new Failure(`${title} failed; its last lines are above.`, { tail })
  for (const marker of markers) {
    mkdirSync(dirname(marker), { recursive: true })
    writeFileSync(marker, wanted)
  }
}
