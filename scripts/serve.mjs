import { spawn } from 'node:child_process'
import { ended } from './command.mjs'
import { serverFlags } from './server-flags.mjs'
import { node24, root } from './toolchain.mjs'

// Ctrl-C reaches us from the terminal and once more from npm; that is one request to stop, not two.
const sameRequestMs = 1_000

/**
 * Runs a server until it ends, with our input and output, and passes each request to stop on to it exactly once.
 * @param {string} entry a file, from the repository's root
 * @param {readonly string[]} args
 * @returns {Promise<number>} the server's exit code
 */
export function serve(entry, args) {
  const leash = new URL('leash.mjs', import.meta.url).href
  const child = spawn(node24(), [...serverFlags, '--import', leash, entry, ...args], {
    cwd: root,
    // A group of its own, so that a terminal's Ctrl-C reaches it through us only.
    detached: true,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: {
      ...process.env,
      NODE_ENV: process.env['NODE_ENV'] ?? 'production',
      NEXT_TELEMETRY_DISABLED: '1',
      THROUGHLINE_LAUNCHER: String(process.pid),
    },
  })
  let lastRequestAt = -Infinity
  const passOn = (/** @type {NodeJS.Signals} */ signal) => {
    if (performance.now() - lastRequestAt > sameRequestMs) child.kill(signal)
    lastRequestAt = performance.now()
  }
  process.on('SIGINT', () => passOn('SIGINT'))
  process.on('SIGTERM', () => passOn('SIGTERM'))
  process.on('SIGHUP', () => passOn('SIGTERM'))
  return ended(child)
}
