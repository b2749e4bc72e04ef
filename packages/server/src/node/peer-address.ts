import { BlockList, isIP } from 'node:net'
import type { IncomingMessage } from 'node:http'

/** Who asks, seen past the proxies that are trusted. */
export interface PeerAddress {
  /** Address of the client. */
  address(request: IncomingMessage): string
  /** What the client spoke: to us, or to the trusted proxy in front. */
  protocol(request: IncomingMessage): 'http' | 'https'
}

export interface PeerAddressOptions {
  /** Addresses and CIDR ranges whose `X-Forwarded-*` headers are believed. Default: none. */
  readonly trustedProxies?: readonly string[]
  /** The own origin; https holds, whatever a proxy says. */
  readonly publicUrl?: string | undefined
}

/** @throws RangeError for a proxy that is neither an address nor a range */
export function createPeerAddress({ trustedProxies = [], publicUrl }: PeerAddressOptions): PeerAddress {
  const trusted = new BlockList()
  for (const proxy of trustedProxies) trust(trusted, proxy)
  const isTrusted = (address: string): boolean =>
    isIP(address) !== 0 && trusted.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
  const isPublicHttps = publicUrl?.startsWith('https:') === true

  return {
    address(request) {
      const peer = plain(request.socket.remoteAddress ?? '')
      if (trustedProxies.length === 0 || !isTrusted(peer)) return peer
      // Each proxy appends who it saw: the client is the last one that is not itself a trusted proxy.
      const chain = listOf(request.headers['x-forwarded-for']).map(plain)
      return chain.findLast((address) => !isTrusted(address)) ?? chain[0] ?? peer
    },
    protocol(request) {
      // Who is reached by https is so for everybody: a proxy behind the one that speaks TLS says what it saw itself.
      if ('encrypted' in request.socket || isPublicHttps) return 'https'
      const isBehindProxy = trustedProxies.length > 0 && isTrusted(plain(request.socket.remoteAddress ?? ''))
      const said = isBehindProxy ? listOf(request.headers['x-forwarded-proto']).at(-1) : undefined
      return said === 'https' ? 'https' : 'http'
    },
  }
}

function trust(trusted: BlockList, proxy: string): void {
  const [address = '', bits] = proxy.split('/')
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
  if (isIP(address) === 0) throw new RangeError(`TRUSTED_PROXIES: ${proxy} is neither an address nor a range`)
  if (bits === undefined) trusted.addAddress(address, family)
  else trusted.addSubnet(address, Number(bits), family)
}

function listOf(header: string | string[] | undefined): string[] {
  const text = Array.isArray(header) ? header.join(',') : (header ?? '')
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

/** IPv4 as such, also when it came in over an IPv6 socket or with a port. */
function plain(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)
  return mapped?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(address)?.[1] ?? address
}
