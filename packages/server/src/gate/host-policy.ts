/** Names that reach this machine from itself; no other machine's page can have them. */
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'] as const

/** Splits a `Host` header; `undefined` when it is not one. IPv6 addresses keep their brackets. */
function parseHost(header: string): { name: string; port: string } | undefined {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::([0-9]{1,5}))?$/.exec(header.toLowerCase())
  return match === null ? undefined : { name: match[1] ?? '', port: match[2] ?? '' }
}

/** Whether a `Host` names this machine itself. */
export function isLoopbackHost(header: string): boolean {
  const host = parseHost(header)
  return host !== undefined && LOOPBACK.some((name) => name === host.name)
}

/**
 * Whether a request was addressed to a name that is ours: a page of another site that points its own name at this
 * address (DNS rebinding) still sends that name. An entry without a port stands for any port. PROTOCOL.md §6.
 */
export function isHostAllowed(header: string | undefined, allowed: readonly string[]): boolean {
  const host = header === undefined ? undefined : parseHost(header)
  if (host === undefined) return false
  const whole = host.port === '' ? host.name : `${host.name}:${host.port}`
  return [...LOOPBACK, ...allowed].some((entry) => entry === host.name || entry === whole)
}
