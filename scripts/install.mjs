import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './command.mjs'
import { Failure } from './failure.mjs'
import { step } from './progress.mjs'
import { pinnedNode, root } from './toolchain.mjs'

const timeoutMs = 20 * 60_000
const lockfile = join(root, 'package-lock.json')
const modules = join(root, 'node_modules')
const marker = join(modules, '.throughline-install')

/**
 * Brings node_modules in line with package-lock.json, with `npm ci`, when it is not.
 * @throws {Failure} when there is no lockfile, or npm fails
 */
export async function ensureInstalled() {
  if (!existsSync(lockfile)) {
    throw new Failure('package-lock.json is missing; restore it with `git checkout package-lock.json`.')
  }
  const wanted = createHash('sha256').update(readFileSync(lockfile)).digest('hex')
  if (existsSync(marker) && readFileSync(marker, 'utf8') === wanted) return
  if (!installedMatches()) {
    const { code, tail } = await step('installing dependencies', npmCi, (result) => result.code === 0)
    if (code !== 0) throw new Failure('npm ci failed; its last lines are above.', { tail })
  }
  writeFileSync(marker, wanted)
}

function npmCi() {
  // Run by npm, we know which npm and which Node that is; it is not the one npm ci is about to replace.
  const cli = process.env['npm_execpath'] ?? ''
  const ownNpm = cli.endsWith('npm-cli.js')
  const command = ownNpm ? (process.env['npm_node_execpath'] ?? process.execPath) : 'npm'
  // Development dependencies and the three approved install scripts are needed whatever the user's settings say.
  const args = ['ci', '--include=dev', '--ignore-scripts=false', '--loglevel=error']
  return run(command, ownNpm ? [cli, ...args] : args, { timeoutMs })
}

/**
 * Whether somebody's own `npm install` has already put in place what the lockfile asks for. npm keeps its record of
 * that in node_modules; packages for other platforms are rightly absent from it.
 */
function installedMatches() {
  const record = join(modules, '.package-lock.json')
  if (!existsSync(record) || !existsSync(pinnedNode)) return false
  const installed = packagesOf(record)
  return Object.entries(packagesOf(lockfile)).every(([path, wanted]) => {
    if (!path.startsWith('node_modules/')) return true
    const found = installed[path]
    if (found === undefined) return wanted.optional === true || wanted.devOptional === true
    return found.version === wanted.version && found.integrity === wanted.integrity
  })
}

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, devOptional?: boolean }} LockedPackage
 * @param {string} file
 * @returns {Record<string, LockedPackage>}
 */
function packagesOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages
}
