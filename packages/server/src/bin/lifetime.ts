import { StreamError } from '@throughline/protocol'
import { ConfigError } from '../config/config-error.ts'
import { fieldsOf } from '../fields.ts'

/**
 * Runs `stop` at the first SIGTERM or SIGINT and ends with 0; with 1 when it takes longer, or at a second signal. The
 * answer does as the first signal would, and nothing after it.
 */
export function stopOnSignals(
  stop: () => Promise<void>,
  limitMs: number,
  signals: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT'],
): () => void {
  let stopping = false
  const begin = (): void => {
    if (stopping) return
    stopping = true
    const timer = setTimeout(() => process.exit(1), limitMs)
    stop().then(
      () => {
        clearTimeout(timer)
        process.exit(0)
      },
      (error: unknown) => {
        fail(error)
      },
    )
  }
  for (const signal of signals) {
    process.on(signal, () => {
      if (stopping) process.exit(1)
      begin()
    })
  }
  return begin
}

/** Ends the process with one message that says what to do. */
export function fail(error: unknown): never {
  process.stderr.write(`${explain(error)}\n`)
  process.exit(1)
}

function explain(error: unknown): string {
  if (error instanceof ConfigError || error instanceof StreamError) return error.message
  const { code, port } = fieldsOf(error)
  if (code === 'EADDRINUSE') return `Port ${String(port)} is in use: stop what listens there, or set PORT.`
  if (!(error instanceof Error)) return String(error)
  return code === 'EACCES' ? `Not allowed: ${error.message}` : (error.stack ?? error.message)
}
