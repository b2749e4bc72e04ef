/** What tabs of one browser share: locks and channels. */
export interface TabPlatform {
  /**
   * Runs `hold` with the lock, and keeps it until that resolves. `ifFree`: runs it at once, with `false` when somebody has
   * the lock. `steal`: takes it from whoever has it, whose own call then rejects.
   */
  lock(name: string, options: LockRequest, hold: (isMine: boolean) => Promise<void>): Promise<void>
  channel(name: string): TabChannel
}

/** How a lock is asked for; waiting for its turn is the default. */
export interface LockRequest {
  readonly ifFree?: boolean
  readonly steal?: boolean
  /** Gives up waiting. */
  readonly signal?: AbortSignal
}

/** A channel to the other tabs. */
export interface TabChannel {
  /** Tells every other tab; to be cloned, so plain data only. */
  post(message: unknown): void
  listen(listener: (message: unknown) => void): void
  close(): void
}

/** The browser's own; `undefined` where there are no tabs, or they cannot agree. */
export function browserTabs(): TabPlatform | undefined {
  if (typeof document === 'undefined' || typeof BroadcastChannel === 'undefined') return undefined
  const { locks } = navigator as { readonly locks?: LockManager }
  if (locks === undefined) return undefined
  return {
    async lock(name, { ifFree = false, steal = false, signal }, hold) {
      const options: LockOptions = { ifAvailable: ifFree, steal, ...(signal === undefined ? {} : { signal }) }
      await locks.request(name, options, (lock) => hold(lock !== null))
    },
    channel(name) {
      const channel = new BroadcastChannel(name)
      return {
        post: (message) => {
          channel.postMessage(message)
        },
        listen: (listener) => {
          channel.onmessage = ({ data }: MessageEvent<unknown>) => {
            listener(data)
          }
        },
        close: () => {
          channel.close()
        },
      }
    },
  }
}
