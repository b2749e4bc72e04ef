import type { Unsubscribe } from './session/session.ts'
import { browserTabs } from './tabs/platform.ts'
import type { TabPlatform } from './tabs/platform.ts'

/** What happens to a page and its network, in the browser's words. */
export type EnvironmentEvent = 'online' | 'offline' | 'visible' | 'hidden' | 'pagehide' | 'pageshow'

/** Handle of a timer or frame; only its maker knows what it is. */
export type Timer = unknown

/** Everything the client asks of the world: time, chance, network, page. */
export interface Environment {
  /** Wall clock, ms since 1970: it goes on while a machine sleeps. */
  now(): number
  /** Uniform over [0, 1). */
  random(): number
  /** A new id that a server accepts. */
  uuid(): string
  fetch(input: string, init?: RequestInit): Promise<Response>
  setTimer(callback: () => void, ms: number): Timer
  clearTimer(timer: Timer): void
  /** Calls back before the next paint. */
  requestFrame(callback: () => void): Timer
  cancelFrame(timer: Timer): void
  isOnline(): boolean
  isVisible(): boolean
  watch(listener: (event: EnvironmentEvent) => void): Unsubscribe
  /** Runs `task` while no other tab of the origin runs one of this name. */
  exclusively<T>(name: string, task: () => Promise<T>): Promise<T>
  /** The other tabs; absent where there are none. */
  readonly tabs?: TabPlatform
  /** Tells of a listener that threw, without stopping anything. */
  reportError(error: unknown): void
}

/** The platform's own: a browser's, a worker's or a server runtime's; what one lacks is taken for granted. */
export function defaultEnvironment(): Environment {
  const page = typeof document === 'undefined' ? undefined : document
  // Server runtimes have a navigator that does not know.
  const network: { readonly onLine?: boolean } = typeof navigator === 'undefined' ? {} : navigator
  const locks = typeof navigator === 'undefined' ? undefined : navigator.locks
  const tabs = browserTabs()
  return {
    ...(tabs === undefined ? {} : { tabs }),
    now: () => Date.now(),
    random: () => Math.random(),
    uuid: newId,
    fetch: (input, init) => fetch(input, init),
    setTimer: (callback, ms) => setTimeout(callback, ms),
    clearTimer: (timer) => {
      clearTimeout(timer as number | undefined)
    },
    requestFrame: (callback) =>
      typeof requestAnimationFrame === 'function'
        ? requestAnimationFrame(callback)
        : setTimeout(callback, FRAME_MS),
    cancelFrame: (frame) => {
      if (typeof cancelAnimationFrame === 'function') cancelAnimationFrame(frame as number)
      else clearTimeout(frame as number | undefined)
    },
    isOnline: () => network.onLine !== false,
    isVisible: () => page === undefined || page.visibilityState === 'visible',
    watch: (listener) => watchPage(listener, page),
    exclusively: (name, task) => (locks === undefined ? task() : locks.request(name, task)),
    reportError: (error) => {
      // Thrown where nobody catches: the platform reports it, and nothing here stops.
      setTimeout(() => {
        throw error
      })
    },
  }
}

const FRAME_MS = 33

function watchPage(listener: (event: EnvironmentEvent) => void, page: Document | undefined): Unsubscribe {
  if (typeof addEventListener !== 'function') return () => undefined
  const controller = new AbortController()
  const { signal } = controller
  for (const name of ['online', 'offline', 'pagehide', 'pageshow'] as const) {
    addEventListener(
      name,
      () => {
        listener(name)
      },
      { signal },
    )
  }
  page?.addEventListener(
    'visibilitychange',
    () => {
      listener(page.visibilityState)
    },
    { signal },
  )
  return () => {
    controller.abort()
  }
}

// `randomUUID` is missing where a page is served over plain http.
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
