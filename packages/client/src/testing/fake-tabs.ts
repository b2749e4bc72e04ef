import type { LockRequest, TabPlatform } from '../tabs/platform.ts'

interface Holder {
  readonly tab: object
  readonly stolen: (error: Error) => void
}

interface Waiter {
  readonly tab: object
  readonly start: () => void
}

/** One browser's locks and channels, as its tabs have them. */
export class FakeBrowser {
  readonly #holders = new Map<string, Holder>()
  readonly #waiters = new Map<string, Waiter[]>()
  readonly #channels = new Map<string, Set<{ readonly tab: object; hear: (message: unknown) => void }>>()
  readonly #frozen = new Set<object>()

  /** What frozen tabs will learn when they wake. */
  readonly #unlearned = new Map<object, (() => void)[]>()

  /** Messages that were sent, for looking at. */
  readonly messages: unknown[] = []

  /** A tab's share of it. */
  tab(): TabPlatform & { freeze(isFrozen?: boolean): void; kill(): void } {
    const tab = {}
    return {
      lock: (name, options, hold) => this.#lock(tab, name, options, hold),
      channel: (name) => this.#channel(tab, name),
      freeze: (isFrozen = true) => {
        if (isFrozen) this.#frozen.add(tab)
        else {
          this.#frozen.delete(tab)
          for (const learn of this.#unlearned.get(tab) ?? []) learn()
          this.#unlearned.delete(tab)
        }
      },
      kill: () => {
        this.#frozen.add(tab)
        for (const listeners of this.#channels.values()) {
          for (const listener of listeners) if (listener.tab === tab) listeners.delete(listener)
        }
        for (const waiters of this.#waiters.values()) {
          waiters.splice(0, waiters.length, ...waiters.filter((waiter) => waiter.tab !== tab))
        }
        for (const [name, holder] of this.#holders) if (holder.tab === tab) this.#release(name, holder)
      },
    }
  }

  async #lock(
    tab: object,
    name: string,
    { ifFree = false, steal = false, signal }: LockRequest,
    hold: (isMine: boolean) => Promise<void>,
  ): Promise<void> {
    await Promise.resolve()
    if (steal) this.#rob(this.#holders.get(name))
    else if (this.#holders.has(name)) {
      if (ifFree) return await hold(false)
      await this.#turn(tab, name, signal)
    }
    let holder: Holder | undefined
    const stolen = new Promise<never>((_, reject) => {
      holder = { tab, stolen: reject }
      this.#holders.set(name, holder)
    })
    stolen.catch(() => undefined)
    try {
      await Promise.race([hold(true), stolen])
    } finally {
      if (holder !== undefined) this.#release(name, holder)
    }
  }

  #rob(holder: Holder | undefined): void {
    if (holder === undefined) return
    const learn = (): void => {
      holder.stolen(new DOMException('stolen', 'AbortError'))
    }
    if (!this.#frozen.has(holder.tab)) learn()
    else this.#unlearned.set(holder.tab, [...(this.#unlearned.get(holder.tab) ?? []), learn])
  }

  #turn(tab: object, name: string, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiters = this.#waiters.get(name) ?? []
      const waiter: Waiter = { tab, start: resolve }
      this.#waiters.set(name, waiters)
      waiters.push(waiter)
      signal?.addEventListener('abort', () => {
        waiters.splice(waiters.indexOf(waiter), 1)
        reject(new DOMException('given up', 'AbortError'))
      })
    })
  }

  #release(name: string, holder: Holder): void {
    if (this.#holders.get(name) !== holder) return
    this.#holders.delete(name)
    this.#waiters.get(name)?.shift()?.start()
  }

  #channel(tab: object, name: string): ReturnType<TabPlatform['channel']> {
    const listeners = this.#channels.get(name) ?? new Set()
    this.#channels.set(name, listeners)
    const own = { tab, hear: (_message: unknown): void => undefined }
    let isClosed = false
    listeners.add(own)
    return {
      post: (message) => {
        if (isClosed) throw new DOMException('The channel is closed', 'InvalidStateError')
        if (this.#frozen.has(tab)) return
        this.messages.push(message)
        const copy = structuredClone(message)
        for (const listener of listeners) {
          if (listener === own) continue
          queueMicrotask(() => {
            if (listeners.has(listener) && !this.#frozen.has(listener.tab)) listener.hear(copy)
          })
        }
      },
      listen: (listener) => {
        own.hear = listener
      },
      close: () => {
        isClosed = true
        listeners.delete(own)
      },
    }
  }
}
