import type { RedisAddress } from './connection.ts'
import { SLOTS } from './slots.ts'

/** Which master of a cluster has which slot, as far as it is known. */
export interface Topology {
  readonly masters: readonly RedisAddress[]
  /** `undefined` when nobody serves it. */
  ownerOf(slot: number): RedisAddress | undefined
  /** What a server said of one slot, until the whole is asked for again. */
  learn(slot: number, owner: RedisAddress): void
}

/**
 * Reads the answer to `CLUSTER SLOTS`: first and last slot, then the master's host, port and more, then replicas.
 *
 * @param asked where it was asked: a server that never met another one does not know its own host
 */
export function parseTopology(reply: unknown, asked: RedisAddress): Topology {
  if (!Array.isArray(reply)) throw new TypeError('Redis told no slots')
  const owners: (RedisAddress | undefined)[] = []
  const masters = new Map<string, RedisAddress>()
  for (const range of reply as unknown[]) {
    const [from, to, master] = range as [unknown, unknown, unknown[] | undefined]
    const address = toAddress(master?.[0], master?.[1], asked)
    masters.set(addressText(address), address)
    for (let slot = Number(from); slot <= Number(to) && slot < SLOTS; slot += 1) owners[slot] = address
  }
  return {
    masters: [...masters.values()],
    ownerOf: (slot) => owners[slot],
    learn(slot, owner) {
      owners[slot] = owner
    },
  }
}

/** What a server of a cluster answers when a command is not for it, or not now; nothing was changed then. */
export type Redirection =
  { readonly kind: 'moved' | 'ask'; readonly to: RedisAddress } | { readonly kind: 'later' }

const REDIRECTION = /^(MOVED|ASK) \d+ (.*):(\d+)$/

/**
 * A script that finds a key gone in the middle of a slot's move. All of ours read before they change, and take nothing
 * away that they touch again.
 */
const NOT_LOCAL = /access a non local key in a cluster node/

/** @param asked the server that said so */
export function redirectionOf(error: unknown, asked: RedisAddress): Redirection | undefined {
  if (!(error instanceof Error)) return undefined
  const { message } = error
  if (message.startsWith('TRYAGAIN') || NOT_LOCAL.test(message)) return { kind: 'later' }
  const [, word, host, port] = REDIRECTION.exec(message) ?? []
  if (word === undefined) return undefined
  return { kind: word === 'MOVED' ? 'moved' : 'ask', to: toAddress(host, port, asked) }
}

/** An address as a key of maps. */
export function addressText({ host, port }: RedisAddress): string {
  return `${host} ${String(port)}`
}

function toAddress(host: unknown, port: unknown, asked: RedisAddress): RedisAddress {
  const isKnown = typeof host === 'string' && host !== '' && host !== '?'
  return { host: isKnown ? host : asked.host, port: Number(port) }
}
