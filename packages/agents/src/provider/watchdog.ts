/** A time limit that begins anew with each sign of life. */
export interface Watchdog {
  /** Aborted when nothing came in time. */
  readonly signal: AbortSignal
  /** A sign of life: from now on `limitMs` of silence are too much. */
  touch(limitMs: number): void
  stop(): void
}

/** Starts a watchdog that bites after `limitMs` without a sign of life. */
export function startWatchdog(limitMs: number): Watchdog {
  const controller = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  const touch = (ms: number) => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      controller.abort()
    }, ms)
  }
  touch(limitMs)
  return {
    signal: controller.signal,
    touch,
    stop: () => {
      clearTimeout(timer)
    },
  }
}
