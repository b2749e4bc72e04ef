const announceAfterMs = 1_000
const heartbeatMs = 10_000

/**
 * Runs one named step and says so: nothing at once, a line when it takes more than a second, a heartbeat every
 * ten seconds, and a closing line with the time it took. Plain lines, so that a log file reads like a terminal.
 * @template T
 * @param {string} title
 * @param {() => Promise<T>} work
 * @param {(result: T) => boolean} [succeeded] decides the closing mark; a throw is always a failure
 * @returns {Promise<T>}
 */
export async function step(title, work, succeeded = () => true) {
  const startedAt = performance.now()
  const elapsed = () => `${((performance.now() - startedAt) / 1_000).toFixed(1)} s`
  const announcement = setTimeout(() => console.log(`… ${title}`), announceAfterMs)
  const heartbeat = setInterval(() => console.log(`  still ${title} (${elapsed()})`), heartbeatMs)
  let ok = false
  try {
    const result = await work()
    ok = succeeded(result)
    return result
  } finally {
    clearTimeout(announcement)
    clearInterval(heartbeat)
    console.log(`${ok ? '✓' : '✗'} ${title} (${elapsed()})`)
  }
}
