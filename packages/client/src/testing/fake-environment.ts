import type { Environment, EnvironmentEvent } from '../environment.ts'

interface Due {
  readonly at: number
  readonly order: number
  readonly callback: () => void
}

export interface FakeEnvironmentOptions {
  /** Clock at the start, ms. Default 1,000,000. */
  readonly now?: number
  /** Seed of `random`. Default 1. */
  readonly seed?: number
  readonly fetch?: Environment['fetch']
}

/** An environment whose time, chance, network and page are the test's. */
export interface FakeEnvironment extends Environment {
  /** Lets time pass: every timer and frame that falls due runs in its order, and what it started settles. */
  advance(ms: number): Promise<void>
  /** Lets time pass as a sleeping machine does: nothing runs until it wakes, then everything that is overdue. */
  sleep(ms: number): Promise<void>
  /** Sets the wall clock, which timers do not follow. */
  setClock(now: number): void
  setOnline(online: boolean): void
  setVisible(visible: boolean): void
  emit(event: EnvironmentEvent): void
  /** Timers and frames that are pending. */
  readonly pending: number
  /** Who watches. */
  readonly watchers: number
  readonly errors: readonly unknown[]
}

const FRAME_MS = 1000 / 60

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

/** A fake environment; the same seed gives the same run. */
export function createFakeEnvironment(options: FakeEnvironmentOptions = {}): FakeEnvironment {
  const timers = new Map<object, Due>()
  const watchers = new Set<(event: EnvironmentEvent) => void>()
  const errors: unknown[] = []
  const random = createRandom(options.seed ?? 1)
  let clock = options.now ?? 1_000_000
  let skew = 0
  let order = 0
  let online = true
  let visible = true
  let ids = 0

  const set = (callback: () => void, at: number): object => {
    const handle = {}
    timers.set(handle, { at, order: order++, callback })
    return handle
  }
  const clear = (handle: unknown): void => {
    if (typeof handle === 'object' && handle !== null) timers.delete(handle)
  }
  const nextDue = (until: number): readonly [object, Due] | undefined => {
    const due = [...timers].filter(([, { at }]) => at <= until)
    return due.sort(([, a], [, b]) => a.at - b.at || a.order - b.order)[0]
  }
  const emit = (event: EnvironmentEvent): void => {
    for (const watcher of [...watchers]) watcher(event)
  }
  const runUntil = async (until: number): Promise<void> => {
    await settle()
    for (let next = nextDue(until); next !== undefined; next = nextDue(until)) {
      const [handle, { at, callback }] = next
      timers.delete(handle)
      clock = Math.max(clock, at)
      callback()
      await settle()
    }
    clock = Math.max(clock, until)
  }

  return {
    now: () => clock + skew,
    random,
    uuid: () => `id-${String(++ids)}`,
    fetch: options.fetch ?? (() => Promise.reject(new TypeError('no network'))),
    setTimer: (callback, ms) => set(callback, clock + Math.max(0, ms)),
    clearTimer: clear,
    // Frames stop where nobody looks, as a browser's do.
    requestFrame: (callback) => (visible ? set(callback, (Math.floor(clock / FRAME_MS) + 1) * FRAME_MS) : {}),
    cancelFrame: clear,
    isOnline: () => online,
    isVisible: () => visible,
    watch(listener) {
      watchers.add(listener)
      return () => void watchers.delete(listener)
    },
    exclusively: (_name, task) => task(),
    reportError: (error) => void errors.push(error),
    advance: (ms) => runUntil(clock + ms),
    async sleep(ms) {
      clock += ms
      await runUntil(clock)
    },
    setClock(now) {
      skew = now - clock
    },
    setOnline(value) {
      online = value
      emit(value ? 'online' : 'offline')
    },
    setVisible(value) {
      visible = value
      emit(value ? 'visible' : 'hidden')
    },
    emit,
    get pending() {
      return timers.size
    },
    get watchers() {
      return watchers.size
    },
    errors,
  }
}

/** Uniform over [0, 1), the same for the same seed. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    // A full-period linear congruence modulo 2³²; its high bits are random enough for jitter.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
