import type { Transport } from './transport.ts'

/** A transport whose code is loaded at its first attempt; when it cannot be, that attempt has failed. */
export function lazyTransport(name: string, load: () => Promise<Transport>): Transport {
  return {
    name,
    async *open(request) {
      const transport = await load()
      yield* transport.open(request)
    },
  }
}
