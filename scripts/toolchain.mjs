import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's folder. */
export const root = fileURLToPath(new URL('..', import.meta.url))

/** The Node 24 that `npm ci` brings along; everything but these scripts runs on it. */
export const pinnedNode = join(root, 'node_modules', 'node', 'bin', 'node')

const neededMajor = 24

/**
 * The Node that runs tools and servers: the pinned one, or this very Node where the pinned binary cannot run
 * (Alpine, say) and this one is new enough.
 * @returns {string}
 * @throws {Error} when neither can run TypeScript
 */
export function node24() {
  if (majorOf(pinnedNode) === neededMajor) return pinnedNode
  if (Number(process.versions.node.split('.')[0]) >= neededMajor) return process.execPath
  throw new Error(
    `Node ${neededMajor} is missing from node_modules; delete node_modules and run the command again.`,
  )
}

/** @param {string} binary */
function majorOf(binary) {
  if (!existsSync(binary)) return undefined
  try {
    const version = execFileSync(binary, ['--version'], { encoding: 'utf8', timeout: 20_000, stdio: 'pipe' })
    return Number(/^v(\d+)/.exec(version)?.[1])
  } catch {
    return undefined
  }
}

/**
 * The script file of an installed tool, to be run with {@link node24}.
 * @param {string} packageName
 * @param {string} [command] defaults to the package's name
 * @returns {string}
 */
export function toolPath(packageName, command = packageName) {
  const folder = join(root, 'node_modules', packageName)
  /** @type {{ bin: string | Record<string, string> }} */
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const file = typeof bin === 'string' ? bin : bin[command]
  if (file === undefined) throw new Error(`${packageName} has no command ${command}`)
  return join(folder, file)
}

/**
 * The environment for tools: the pinned Node comes first for anything they start by the name `node`.
 * @param {Record<string, string>} [extra]
 * @returns {NodeJS.ProcessEnv}
 */
export function toolEnvironment(extra = {}) {
  const path = [join(root, 'node_modules', '.bin'), process.env['PATH'] ?? ''].join(delimiter)
  return { ...process.env, PATH: path, NEXT_TELEMETRY_DISABLED: '1', ...extra }
}
