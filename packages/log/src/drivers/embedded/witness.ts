import type { MarkFile } from './mark.ts'

export interface Witness {
  /** Says that a commit was written. */
  note(): void
  stop(): Promise<void>
}

/** Between two notes: what is lost within that time, with the files it was in, goes unnoticed. */
const EVERY_MS = 100

/** Notes beside the store how many commits it has, so that a store that lost the last of them is recognised. */
export function startWitness(
  marks: MarkFile,
  last: () => number,
  onFailure: (error: unknown) => void,
): Witness {
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()

  const write = (): void => {
    timer = undefined
    writing = marks.write({ commit: last() }).catch(onFailure)
  }

  return {
    note() {
      timer ??= setTimeout(write, EVERY_MS).unref()
    },
    async stop() {
      clearTimeout(timer)
      await writing
    },
  }
}
