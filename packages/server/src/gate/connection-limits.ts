export interface ConnectionLimitsOptions {
  /** Streams and waiting polls in all; 0 = unlimited. Default 10,000. */
  readonly total?: number
  /** Of one user. Default 20. */
  readonly perUser?: number
  /** From one address. Default 200. */
  readonly perAddress?: number
}

export interface ConnectionOwner {
  /** Absent for workers, which follow as many sessions as they have runs. */
  readonly userId?: string
  readonly address?: string
}

/** Counts open connections. At a limit the new one is refused; an old one is never put out. PROTOCOL.md §6. */
export interface ConnectionLimits {
  /** A place, to be given back by calling it once or more; `undefined` when there is none. */
  take(owner: ConnectionOwner): Place | undefined | Promise<Place | undefined>
  /** Places taken on this node. */
  count(): number
}

/** Gives the place back. */
export type Place = () => void

/** Limits whose counts are at hand. */
export interface LocalConnectionLimits extends ConnectionLimits {
  take(owner: ConnectionOwner): Place | undefined
}

/** Counts the connections of this process. */
export function createConnectionLimits(options: ConnectionLimitsOptions = {}): LocalConnectionLimits {
  const { total = 10_000, perUser = 20, perAddress = 200 } = options
  const users = new Map<string, number>()
  const addresses = new Map<string, number>()
  let open = 0

  return {
    take({ userId, address }) {
      const full =
        isFull(open, total) ||
        (userId !== undefined && isFull(users.get(userId) ?? 0, perUser)) ||
        (address !== undefined && isFull(addresses.get(address) ?? 0, perAddress))
      if (full) return undefined
      open += 1
      add(users, userId, 1)
      add(addresses, address, 1)
      let given = false
      return () => {
        if (given) return
        given = true
        open -= 1
        add(users, userId, -1)
        add(addresses, address, -1)
      }
    },
    count: () => open,
  }
}

function isFull(count: number, limit: number): boolean {
  return limit !== 0 && count >= limit
}

function add(counts: Map<string, number>, key: string | undefined, by: number): void {
  if (key === undefined) return
  const count = (counts.get(key) ?? 0) + by
  if (count === 0) counts.delete(key)
  else counts.set(key, count)
}
