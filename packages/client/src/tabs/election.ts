import type { LockRequest, TabPlatform } from './platform.ts'

export interface ElectionOptions {
  readonly platform: TabPlatform
  readonly lockName: string
  readonly onLead: () => void
  /** Somebody else leads: from the beginning, or having taken the lead from us. */
  readonly onFollow: () => void
}

/** Who of the tabs leads: whoever has the lock. */
export interface Election {
  /** Takes part: leads at once when nobody does, else follows and waits for its turn. */
  stand(): void
  /** Takes the lead from a leader that does not answer. */
  steal(): void
  /** Takes part no longer; a leader makes room for the next. */
  resign(): void
}

export function createElection({ platform, lockName, onLead, onFollow }: ElectionOptions): Election {
  /** Rises whenever what was asked for before no longer counts. */
  let round = 0
  let release: (() => void) | undefined
  let waiting: AbortController | undefined

  const lead = (mine: number): Promise<void> =>
    new Promise((resolve) => {
      if (mine !== round) return resolve()
      release = resolve
      onLead()
    })

  /** Asks for the lock; when it is taken away later, follows and waits for the next turn. */
  const ask = (options: LockRequest): void => {
    const mine = ++round
    platform
      .lock(lockName, options, async (isMine) => {
        if (mine !== round) return
        if (isMine) return await lead(mine)
        onFollow()
        queue()
      })
      .catch(() => {
        if (mine !== round) return
        release = undefined
        onFollow()
        queue()
      })
  }

  const queue = (): void => {
    waiting = new AbortController()
    ask({ signal: waiting.signal })
  }

  return {
    stand() {
      ask({ ifFree: true })
    },
    steal() {
      waiting?.abort()
      ask({ steal: true })
    },
    resign() {
      round++
      waiting?.abort()
      release?.()
      release = undefined
    },
  }
}
