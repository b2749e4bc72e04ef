/** Time that passes when a test says so. Several environments may live by one. */
export interface FakeClock {
  now(): number
  set(callback: () => void, at: number): object
  clear(handle: unknown): void
  /** Lets time pass: everything that falls due runs in its order, and what it started settles. */
  advance(ms: number): Promise<void>
  /** Lets time pass as a sleeping machine does: nothing runs until it wakes, then everything that is overdue. */
  sleep(ms: number): Promise<void>
  /** What is pending. */
  readonly pending: number
}

interface Due {
  readonly at: number
  readonly order: number
  readonly callback: () => void
}

/** Lets everything that is already resolved run on, streams included. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) await new Promise<void>(nextTurn)
}

/** Resolves in the next turn of the event loop. */
export function nextTurn(resolve: () => void): void {
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = () => {
    port1.close()
    resolve()
  }
  port2.postMessage(null)
}

/** @param start default 1,000,000 */
export function createFakeClock(start = 1_000_000): FakeClock {
  const pending = new Map<object, Due>()
  let clock = start
  let order = 0

  const nextDue = (until: number): readonly [object, Due] | undefined => {
    let next: readonly [object, Due] | undefined
    for (const entry of pending) {
      const [, { at, order: place }] = entry
      if (at > until) continue
      const [, before] = next ?? []
      if (before === undefined || at < before.at || (at === before.at && place < before.order)) next = entry
    }
    return next
  }
  const runUntil = async (until: number): Promise<void> => {
    await settle()
    for (let next = nextDue(until); next !== undefined; next = nextDue(until)) {
      const [handle, { at, callback }] = next
      pending.delete(handle)
      clock = Math.max(clock, at)
      callback()
      await settle()
    }
    clock = Math.max(clock, until)
  }

  return {
    now: () => clock,
    set(callback, at) {
      const handle = {}
      pending.set(handle, { at, order: order++, callback })
      return handle
    },
    clear(handle) {
      if (typeof handle === 'object' && handle !== null) pending.delete(handle)
    },
    advance: (ms) => runUntil(clock + ms),
    async sleep(ms) {
      clock += ms
      await runUntil(clock)
    },
    get pending() {
      return pending.size
    },
  }
}
