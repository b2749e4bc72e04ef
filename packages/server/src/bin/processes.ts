import cluster, { type Worker } from 'node:cluster'
import { stopOnSignals } from './lifetime.ts'

export interface ProcessesOptions {
  readonly count: number
  /** What they may take to end before they are killed. */
  readonly limitMs: number
  /** Called when all of them listen, with the port. */
  readonly onReady: (port: number) => void
}

/** A process that died is replaced after this long, so that one that cannot live costs little. */
const REPLACE_AFTER_MS = 1_000
const STOP = 'stop'

/** Whether this process is one of several, each of which runs the command as if it were alone. */
export const isOneOfSeveral = cluster.isWorker

/**
 * Runs this command in several processes that share one port; connections are dealt out in turn. One that dies is
 * replaced; one that cannot even listen ends all, unless all of them did before. They end together, at the first SIGTERM
 * or SIGINT.
 */
export function runProcesses({ count, limitMs, onReady }: ProcessesOptions): void {
  const live = new Set<Worker>()
  const listening = new Set<Worker>()
  let replacing: NodeJS.Timeout | undefined
  let stopping = false
  let isReady = false
  let gone: () => void = () => undefined

  const stop = async (): Promise<void> => {
    stopping = true
    clearTimeout(replacing)
    if (live.size === 0) return
    const kill = setTimeout(() => {
      for (const worker of live) worker.process.kill('SIGKILL')
    }, limitMs)
    await new Promise<void>((resolve) => {
      gone = resolve
      for (const worker of live) {
        // One that is still beginning hears nothing else.
        if (listening.has(worker)) worker.send(STOP, () => undefined)
        else worker.process.kill('SIGTERM')
      }
    })
    clearTimeout(kill)
  }
  const fill = (): void => {
    replacing = undefined
    while (live.size < count) live.add(cluster.fork())
  }

  cluster.on('listening', (worker, { port }) => {
    listening.add(worker)
    if (isReady || listening.size < count) return
    isReady = true
    onReady(port)
  })
  cluster.on('exit', (worker, code) => {
    live.delete(worker)
    const listened = listening.delete(worker)
    if (stopping) {
      if (live.size === 0) gone()
    } else if (listened || isReady) replacing ??= setTimeout(fill, REPLACE_AFTER_MS)
    else void stop().then(() => process.exit(code === 0 ? 1 : code))
  })
  stopOnSignals(stop, limitMs * 2)
  fill()
}

/** Ends one of several when it is told to; a signal that a terminal sends to all of them is for the first alone. */
export function stopWhenTold(stop: () => Promise<void>, limitMs: number): void {
  const begin = stopOnSignals(stop, limitMs, ['SIGTERM'])
  process.on('SIGINT', () => undefined)
  process.on('message', (message) => {
    if (message === STOP) begin()
  })
}
