import { damaged } from './failures.ts'
import { changedTables, readSums, updateSums } from './tables.ts'

export interface Scrub {
  /** Stops; what is being compared is waited for. */
  stop(): Promise<void>
}

export interface ScrubOptions {
  readonly directory: string
  readonly store: string
  /** Tables that were not compared before the store was opened. */
  readonly later: readonly string[]
  readonly onFailure: (error: unknown) => void
}

/** After which a table that has not changed is complete: it is written within milliseconds. */
const SETTLED_MS = 10_000

/** Between two looks for new tables. */
const EVERY_MS = 60_000

/** Compares the tables that are left, and then keeps the checksums up to date while the store is open. */
export function startScrub({ directory, store, later, onFailure }: ScrubOptions): Scrub {
  let stopped = false
  let timer: NodeJS.Timeout | undefined

  const compare = async (): Promise<void> => {
    const sums = await readSums(directory)
    for (const name of later) {
      if (stopped) return
      const [changed] = await changedTables(store, sums, [name])
      if (changed !== undefined) onFailure(damaged(changed))
    }
  }

  const update = async (): Promise<void> => {
    timer = undefined
    await updateSums(directory, store, Date.now() - SETTLED_MS)
    if (!stopped) timer = setTimeout(begin, EVERY_MS).unref()
  }

  let working: Promise<void> = Promise.resolve()
  const begin = (): void => {
    working = update().catch(onFailure)
  }
  working = compare().then(update).catch(onFailure)

  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await working
    },
  }
}
