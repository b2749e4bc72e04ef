import { StreamError } from '@throughline/protocol'
import { isLoopbackAddress } from '../gate/address-key.ts'
import { isLoopbackHost } from '../gate/host-policy.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { DATA_HEADERS } from './cross-origin.ts'
import type { GatewayRequest, Reply } from './exchange.ts'
import type { Services } from './services.ts'

/** Storage that takes longer than this to say that it is well is not. */
const PATIENCE_MS = 2_000

/** Something beside the log that a server needs to be ready. */
export interface HealthCheck {
  /** Begins the sentence that it does not answer. */
  readonly name: string
  /** Resolves while all is well. @throws StreamError 503 whose message is answered to whoever asks */
  healthy(): Promise<void>
}

/** `/healthz`, `/readyz` and `/metrics`: no gate stands before them. PROTOCOL.md §5. */
export interface Probes {
  /** `undefined` when the path is none of them. */
  handle(request: GatewayRequest, path: string): Promise<Reply | undefined>
}

export function createProbes(services: Services): Probes {
  const storage: HealthCheck = { name: 'storage', healthy: () => services.log.driver.healthy() }

  /** What is wrong, in words for everybody; `undefined`: nothing. */
  const troubleOf = async ({ name, healthy }: HealthCheck): Promise<string | undefined> => {
    let cancel: () => void = () => undefined
    const late = new Promise<string>((resolve) => {
      cancel = services.timers.schedule(() => {
        resolve(`${name} does not answer`)
      }, PATIENCE_MS)
    })
    const well = healthy().then(
      () => undefined,
      (error: unknown) => (isForAll(error) ? error.message : `${name} takes no writes`),
    )
    const trouble = await Promise.race([well, late])
    cancel()
    return trouble
  }

  const ready = async (): Promise<Reply> => {
    if (services.draining.aborted) return text(503, 'draining')
    const troubles = await Promise.all([storage, ...services.checks].map(troubleOf))
    const said = troubles.filter((trouble) => trouble !== undefined)
    return said.length === 0 ? text(200, 'ready') : text(503, said.join('\n'))
  }

  return {
    async handle(request, path) {
      if (!PATHS.includes(path)) return undefined
      if (request.method !== 'GET' && request.method !== 'HEAD')
        return text(405, 'GET it', { allow: 'GET, HEAD' })
      if (path === '/healthz') return text(200, 'ok')
      if (path === '/readyz') return await ready()
      const { metrics } = services
      if (metrics === undefined || !(await mayMeasure(services, request))) return text(404, 'not found')
      return await numbers(metrics)
    },
  }
}

/** A passing state of things, in words that are answered to commands, too. */
function isForAll(error: unknown): error is StreamError {
  return error instanceof StreamError && error.status === 503
}

const PATHS: readonly string[] = ['/healthz', '/readyz', '/metrics']

/** What proxies add: a peer on this machine that brings one of them speaks for somebody else. */
const FORWARDING = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
] as const

/**
 * Numbers are for this machine, and for tokens with scope `metrics`. A page whose own name leads here (DNS rebinding)
 * comes from this machine, too, and sends that name.
 */
async function mayMeasure({ auth }: Services, request: GatewayRequest): Promise<boolean> {
  const isForwarded = FORWARDING.some((name) => request.header(name) !== undefined)
  const isHere = isLoopbackAddress(request.remoteAddress) && isLoopbackHost(request.header('host') ?? '')
  if (isHere && !isForwarded) return true
  const token = /^bearer +([^ ]+) *$/i.exec(request.header('authorization') ?? '')?.[1]
  if (token === undefined) return false
  try {
    return (await auth.verify(token)).scopes.has('metrics')
  } catch {
    return false
  }
}

async function numbers({ registry }: Metrics): Promise<Reply> {
  const headers = { ...DATA_HEADERS, 'content-type': registry.contentType, 'cache-control': 'no-store' }
  return { kind: 'reply', status: 200, headers, body: await registry.metrics() }
}

function text(status: number, body: string, headers: Readonly<Record<string, string>> = {}): Reply {
  return {
    kind: 'reply',
    status,
    headers: {
      ...DATA_HEADERS,
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      ...headers,
    },
    body: `${body}\n`,
  }
}
