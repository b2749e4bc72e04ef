import type { Environment, EnvironmentEvent } from '../environment.ts'
import { loadReader } from '../reading/load-reader.ts'
import type { TabPlatform } from '../tabs/platform.ts'
import { createFakeClock } from './fake-clock.ts'
import type { FakeClock } from './fake-clock.ts'

// To load it takes real time, which the fake clock does not wait for.
await loadReader()

/** What a fake environment may be given. */
export interface FakeEnvironmentOptions {
  /** Default: one of its own. */
  readonly clock?: FakeClock
  /** Seed of `random`. Default 1. */
  readonly seed?: number
  readonly fetch?: Environment['fetch']
  /** What it shares with other tabs. Default: there are none. */
  readonly tabs?: TabPlatform
}

/** An environment whose time, chance, network and page are the test's. */
export interface FakeEnvironment extends Environment {
  /** Lets time pass; see `FakeClock`. */
  advance(ms: number): Promise<void>
  sleep(ms: number): Promise<void>
  /** Sets the wall clock, which timers do not follow. */
  setClock(now: number): void
  setOnline(online: boolean): void
  setVisible(visible: boolean): void
  emit(event: EnvironmentEvent): void
  /** Lets the tab run, or stops everything in it: what falls due is made up for later. */
  freeze(isFrozen?: boolean): void
  /** Timers and frames that are pending, of all who live by this clock. */
  readonly pending: number
  /** Who watches. */
  readonly watchers: number
  readonly errors: readonly unknown[]
}

const FRAME_MS = 1000 / 60

let environments = 0

/** A fake environment; the same seed gives the same run. */
export function createFakeEnvironment(options: FakeEnvironmentOptions = {}): FakeEnvironment {
  const { tabs, clock = createFakeClock() } = options
  const watchers = new Set<(event: EnvironmentEvent) => void>()
  const errors: unknown[] = []
  const random = createRandom(options.seed ?? 1)
  const tab = ++environments
  let skew = 0
  let online = true
  let visible = true
  let frozen: (() => void)[] | undefined
  let ids = 0

  const later = (callback: () => void, at: number): object =>
    clock.set(() => {
      if (frozen === undefined) callback()
      else frozen.push(callback)
    }, at)
  const emit = (event: EnvironmentEvent): void => {
    for (const watcher of [...watchers]) watcher(event)
  }

  return {
    ...(tabs === undefined ? {} : { tabs }),
    now: () => clock.now() + skew,
    random,
    uuid: () => `id-${String(tab)}-${String(++ids)}`,
    fetch: options.fetch ?? (() => Promise.reject(new TypeError('no network'))),
    setTimer: (callback, ms) => later(callback, clock.now() + Math.max(0, ms)),
    clearTimer: clock.clear,
    // Frames stop where nobody looks, as a browser's do.
    requestFrame: (callback) =>
      visible ? later(callback, (Math.floor(clock.now() / FRAME_MS) + 1) * FRAME_MS) : {},
    cancelFrame: clock.clear,
    isOnline: () => online,
    isVisible: () => visible,
    watch(listener) {
      watchers.add(listener)
      return () => void watchers.delete(listener)
    },
    exclusively: (name, task) =>
      tabs === undefined
        ? task()
        : new Promise((resolve, reject) => {
            tabs.lock(name, {}, () => task().then(resolve, reject)).catch(reject)
          }),
    reportError: (error) => void errors.push(error),
    advance: clock.advance,
    sleep: clock.sleep,
    setClock(now) {
      skew = now - clock.now()
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
    freeze(isFrozen = true) {
      const missed = frozen ?? []
      frozen = isFrozen ? missed : undefined
      if (!isFrozen) for (const callback of missed) callback()
    },
    get pending() {
      return clock.pending
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
