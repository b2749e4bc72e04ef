import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import type { Random } from './random.ts'

/** Which way bytes go: `answer` from the server to its client. */
type Side = 'answer' | 'request'

/** What happens to one connection. Byte counts are of one side, the answer unless said. */
export type Fault =
  | { readonly kind: 'none' }
  /** Ended (`end`) or reset (`reset`) after so many bytes. */
  | { readonly kind: 'cut'; readonly afterBytes: number; readonly how: 'end' | 'reset'; readonly side?: Side }
  /** Stays open and passes nothing more after so many bytes. */
  | { readonly kind: 'stall'; readonly afterBytes: number; readonly side?: Side }
  | { readonly kind: 'trickle'; readonly bytesPerSecond: number }
  /** Taken, and never heard of again. */
  | { readonly kind: 'blackhole' }
  /** After so many bytes the client is gone, which the server is not told; nobody reads what it sends. */
  | { readonly kind: 'half-open'; readonly afterBytes: number }

export interface ChaosProxy {
  readonly port: number
  readonly url: string
  /** Connections so far. */
  readonly count: number
  /** The next connections get these, one each, before `always`. */
  next(...faults: readonly Fault[]): void
  /** What a connection gets when nothing else is said. Default: none. */
  always(fault: Fault | (() => Fault)): void
  /** Ends every open connection on both sides. */
  cutAll(how?: 'end' | 'reset'): void
  close(): Promise<void>
}

const TICK_MS = 1_000

/** A TCP proxy on loopback that harms connections on demand. */
export async function startChaosProxy(targetPort: number): Promise<ChaosProxy> {
  const open = new Set<Socket>()
  const timers = new Set<NodeJS.Timeout>()
  let queue: Fault[] = []
  let usual: () => Fault = () => ({ kind: 'none' })
  let count = 0

  const keep = (socket: Socket): void => {
    open.add(socket)
    // A peer that resets is what this is about; 'close' follows.
    socket.on('error', () => undefined)
    socket.on('close', () => open.delete(socket))
  }

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const fault = queue.shift() ?? usual()
    count += 1
    keep(client)
    if (fault.kind === 'blackhole') {
      client.resume()
      return
    }
    const upstream = connect({ port: targetPort, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
    keep(upstream)
    const side = 'side' in fault ? (fault.side ?? 'answer') : 'answer'
    pass(client, upstream, side === 'request' ? fault : { kind: 'none' })
    pass(upstream, client, side === 'answer' ? fault : { kind: 'none' })
    // One side that is gone at once takes the other along, but for a half-open one.
    client.on('close', () => {
      if (fault.kind !== 'half-open') upstream.destroy()
    })
    upstream.on('close', () => client.destroy())
  })

  function pass(from: Socket, to: Socket, fault: Fault): void {
    if (fault.kind === 'trickle') trickle(from, to, fault.bytesPerSecond)
    else flow(from, to, fault)
  }

  function flow(from: Socket, to: Socket, fault: Fault): void {
    let left = 'afterBytes' in fault ? fault.afterBytes : Infinity
    to.on('drain', () => {
      if (left > 0) from.resume()
    })
    from.on('data', (bytes: Buffer) => {
      const part = bytes.subarray(0, Math.min(bytes.length, left))
      left -= part.length
      if (part.length > 0 && to.writable && !to.write(part)) from.pause()
      if (left > 0 || part.length === bytes.length) return
      harm(from, to, fault)
    })
    from.on('end', () => to.end())
  }

  /** The first byte that must not pass is there. */
  function harm(from: Socket, to: Socket, fault: Fault): void {
    from.pause()
    if (fault.kind === 'cut' && fault.how === 'reset') {
      to.resetAndDestroy()
      from.resetAndDestroy()
    } else if (fault.kind === 'cut') {
      to.end(() => to.destroy())
      from.destroy()
    } else if (fault.kind === 'half-open') to.destroy()
  }

  function trickle(from: Socket, to: Socket, bytesPerSecond: number): void {
    let held: Uint8Array = new Uint8Array()
    from.on('data', (bytes: Buffer) => {
      held = bytes
      from.pause()
    })
    const timer = setInterval(() => {
      if (to.writable) to.write(held.subarray(0, bytesPerSecond))
      held = held.subarray(bytesPerSecond)
      if (held.length === 0) from.resume()
    }, TICK_MS)
    timers.add(timer)
    from.on('close', () => {
      clearInterval(timer)
      timers.delete(timer)
    })
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const cutAll = (how: 'end' | 'reset' = 'reset'): void => {
    for (const socket of [...open]) {
      if (how === 'reset') socket.resetAndDestroy()
      else socket.destroy()
    }
  }
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    get count() {
      return count
    },
    next(...faults) {
      queue = [...queue, ...faults]
    },
    always(fault) {
      usual = typeof fault === 'function' ? fault : () => fault
    },
    cutAll,
    async close() {
      for (const timer of timers) clearInterval(timer)
      const closed = once(server, 'close')
      server.close()
      cutAll()
      await closed
    },
  }
}

/** A connection that goes wrong somewhere in its first `reach` bytes. */
export function randomFault(random: Random, reach: number): Fault {
  const afterBytes = random.between(0, reach)
  return random.pick<Fault>([
    { kind: 'cut', afterBytes, how: 'end' },
    { kind: 'cut', afterBytes, how: 'reset' },
    { kind: 'stall', afterBytes },
    { kind: 'half-open', afterBytes },
    { kind: 'blackhole' },
    { kind: 'trickle', bytesPerSecond: random.between(1, 2_000) },
  ])
}
