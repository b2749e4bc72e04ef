import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { run } from './command.mjs'
import { Failure } from './failure.mjs'
import { step } from './progress.mjs'

const timeoutMs = 20 * 60_000
/** Debian's packages, and how each is known to be there. */
const tools = [
  { name: 'chromium', isThere: () => onPath('chromium') },
  { name: 'redis-server', isThere: () => onPath('redis-server') },
  // Programs that are kept off the path, or off that of some users.
  { name: 'nginx-light', isThere: () => existsSync('/usr/sbin/nginx') },
  { name: 'postgresql', isThere: () => existsSync('/usr/lib/postgresql') },
]

/**
 * Makes sure that the browser, the Redis, the nginx and the Postgres the tests need are there, installing them where that is possible.
 * @throws {Failure} naming the command to run, when it is not possible
 */
export async function ensureSystemTools() {
  const missing = absent()
  if (missing.length === 0) return
  const names = missing.join(' ')
  const instruction = `The tests need ${missing.join(' and ')}; install with: apt-get update && apt-get install -y ${names}`
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) throw new Failure(instruction)
  const { code, tail } = await step(
    `installing ${missing.join(' and ')}`,
    () => aptInstall(missing),
    succeeded,
  )
  const still = absent()
  if (code !== 0 || still.length > 0) throw new Failure(instruction, { tail })
}

/** Names of the packages that are not there. */
function absent() {
  return tools.filter(({ isThere }) => !isThere()).map(({ name }) => name)
}

/** @param {readonly string[]} names */
async function aptInstall(names) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const update = await run('apt-get', ['update'], { env, timeoutMs })
  if (update.code !== 0) return update
  return run('apt-get', ['install', '-y', ...names], { env, timeoutMs })
}

/** @param {{ code: number }} result */
function succeeded({ code }) {
  return code === 0
}

/** @param {string} tool */
function onPath(tool) {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, tool), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
