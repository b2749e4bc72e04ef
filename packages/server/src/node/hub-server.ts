import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Gateway } from '../gateway/exchange.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { DATA_HEADERS } from '../gateway/cross-origin.ts'
import { createNodeHandler, type NodeHandlerOptions } from './node-handler.ts'
import { observeProcess } from './process-metrics.ts'
import { boundUnread } from './unread-body.ts'

export interface HubServerOptions extends NodeHandlerOptions {
  readonly gateway: Gateway
  /** Answers what is not the gateway's: pages. Default: 404. */
  readonly fallthrough?: (request: IncomingMessage, response: ServerResponse) => unknown
  /** How long the body of a request that `fallthrough` has answered may go on. Default 10,000. */
  readonly unreadBodyMs?: number
  /** Where the event loop's delay and the memory of the process are shown while it listens. Default: nowhere. */
  readonly metrics?: Metrics
  /** Called with what neither the gateway nor `fallthrough` caught. */
  readonly onError?: (error: unknown) => void
}

/** An HTTP server for streams. */
export interface HubServer {
  readonly server: Server
  /** Resolves with the address once it listens. Port 0: any free one. @throws the error of `listen` */
  listen(port: number, host?: string): Promise<AddressInfo>
  /** Takes no new connections, waits up to `graceMs` for the open ones to end, then cuts the rest. */
  close(graceMs: number): Promise<void>
}

const MAX_HEADER_BYTES = 16_384
/** Time to send the headers, also for those who send them byte by byte. */
const HEADERS_TIMEOUT_MS = 10_000
/** Longer than proxies keep idle connections, so that it is they who close them. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000
const CHECK_INTERVAL_MS = 5_000
const IDLE_CHECK_MS = 50
const NOT_KEPT = { 'cache-control': 'no-store' }
const { 'content-security-policy': _policy, ...PAGE_HEADERS } = DATA_HEADERS

/**
 * A server whose limits suit long streams in both directions: headers are due within 10 s and 16 KiB, while bodies
 * (NDJSON of a producer) and answers may last; the gateway's idle timers and the hub's deadlines bound those.
 */
export function createHubServer(options: HubServerOptions): HubServer {
  const { gateway, fallthrough = notFound, onError = () => undefined, unreadBodyMs = 10_000 } = options
  const handle = createNodeHandler(gateway, options)
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: 0,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
      connectionsCheckingInterval: CHECK_INTERVAL_MS,
      noDelay: true,
      // Two hosts, tokens or lengths are none, rather than the first to us and the last to a proxy in front.
      joinDuplicateHeaders: true,
      // Nothing here speaks another protocol. Whatever would listen for upgrades takes a socket that no limit counts.
      shouldUpgradeCallback: () => false,
    },
    (request, response) => {
      answer(request, response).catch((error: unknown) => {
        onError(error)
        if (response.headersSent) response.destroy()
        else response.writeHead(500, { ...DATA_HEADERS, ...NOT_KEPT }).end()
      })
    },
  )

  const stopObserving = options.metrics === undefined ? undefined : observeProcess(options.metrics)

  function answer(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
    return handle(request, response).then((done) => (done ? undefined : passOn(request, response)))
  }

  function passOn(request: IncomingMessage, response: ServerResponse): unknown {
    // Unless whoever answers says otherwise. What a page may load is for it to say: one without a policy has to work.
    for (const [name, value] of Object.entries(PAGE_HEADERS)) response.setHeader(name, value)
    response.once('finish', () => {
      boundUnread(request, unreadBodyMs)
    })
    return fallthrough(request, response)
  }

  return {
    server,
    listen: (port, host = '127.0.0.1') =>
      new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen(port, host, () => {
          server.off('error', reject)
          resolve(server.address() as AddressInfo)
        })
      }),
    close: (graceMs) =>
      new Promise((resolve) => {
        // A connection that is kept alive becomes idle when its answer ends, and nobody else would close it then.
        const idle = setInterval(() => {
          server.closeIdleConnections()
        }, IDLE_CHECK_MS)
        const cut = setTimeout(() => {
          server.closeAllConnections()
        }, graceMs)
        server.close(() => {
          stopObserving?.()
          clearInterval(idle)
          clearTimeout(cut)
          resolve()
        })
      }),
  }
}

function notFound(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(404, { ...DATA_HEADERS, ...NOT_KEPT }).end()
}
