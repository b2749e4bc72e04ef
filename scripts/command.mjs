import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { Failure } from './failure.mjs'
import { root } from './toolchain.mjs'

const tailLimit = 16_384
const killGraceMs = 10_000
const pipeGraceMs = 2_000
/** @type {readonly NodeJS.Signals[]} */
const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP']

/**
 * Runs a command to its end without a standard input. A signal sent to us is passed on, and once the command has
 * ended we end too.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs: number, show?: boolean }} options
 *   `show` lets the command print straight to our output; otherwise the last 16 KiB are kept as `tail`
 * @returns {Promise<{ code: number, tail: string }>} 124 when it ran out of time, like `timeout(1)`
 */
export async function run(command, args, { cwd = root, env = process.env, timeoutMs, show = false }) {
  const child = spawn(command, args, {
    cwd,
    env,
    stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
  })
  const tail = collectTail(child)
  let timedOut = false
  /** @type {NodeJS.Signals | undefined} */
  let interruptedBy
  /** @type {NodeJS.Timeout | undefined} */
  let killTimer
  const end = (/** @type {NodeJS.Signals} */ signal) => {
    child.kill(signal)
    killTimer ??= setTimeout(() => child.kill('SIGKILL'), killGraceMs)
  }
  const onSignal = (/** @type {NodeJS.Signals} */ signal) => {
    interruptedBy = signal
    end(signal)
  }
  const timer = setTimeout(() => {
    timedOut = true
    end('SIGTERM')
  }, timeoutMs)
  for (const signal of endingSignals) process.on(signal, onSignal)
  try {
    const code = await ended(child)
    if (interruptedBy !== undefined) {
      throw new Failure('interrupted', { exitCode: 128 + constants.signals[interruptedBy] })
    }
    return timedOut
      ? { code: 124, tail: `${tail()}\nstopped after ${timeoutMs / 60_000} minutes` }
      : { code, tail: tail() }
  } finally {
    clearTimeout(timer)
    clearTimeout(killTimer)
    for (const signal of endingSignals) process.off(signal, onSignal)
  }
}

/**
 * The exit code, or 128 + the signal's number. A grandchild that keeps the pipes open holds us up for two seconds
 * only.
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<number>}
 */
export function ended(child) {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      const result = code ?? 128 + (signal === null ? 0 : constants.signals[signal])
      const timer = setTimeout(() => {
        child.stdout?.destroy()
        child.stderr?.destroy()
        resolve(result)
      }, pipeGraceMs)
      child.once('close', () => {
        clearTimeout(timer)
        resolve(result)
      })
    })
  })
}

/** @param {import('node:child_process').ChildProcess} child */
function collectTail(child) {
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8')
    stream?.on('data', (/** @type {string} */ chunk) => {
      text = (text + chunk).slice(-tailLimit)
    })
  }
  return () => text.trim()
}
