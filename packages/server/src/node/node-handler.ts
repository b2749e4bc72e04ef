import { ServerResponse, type IncomingMessage } from 'node:http'
import type { Gateway, HeaderMap, Reply, StreamReply } from '../gateway/exchange.ts'
import { leftSink } from '../hub/left-sink.ts'
import { NodeRequest } from './node-request.ts'
import { createPeerAddress, type PeerAddressOptions } from './peer-address.ts'
import { ResponseSink } from './response-sink.ts'
import { SocketSink } from './socket-sink.ts'
import { dropUnread } from './unread-body.ts'

export type NodeHandlerOptions = PeerAddressOptions

/** Answers requests of a Node server. Resolves with `false` when the path is not ours and nothing was touched. */
export type NodeHandler = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>

/**
 * The gateway on Node's HTTP server, over HTTP/1 and HTTP/2. Streams go straight to the socket where that is safe.
 *
 * The server must not cut long requests: no `requestTimeout`, no `timeout`; `createHubServer` is one that fits.
 * @throws RangeError for a `trustedProxies` entry that is neither an address nor a range
 */
export function createNodeHandler(gateway: Gateway, options: NodeHandlerOptions = {}): NodeHandler {
  const peer = createPeerAddress(options)

  return (request, response) =>
    gateway.handle(new NodeRequest(request, response, peer)).then((answer) => {
      if (answer === undefined) return false
      if (answer.kind === 'stream' && (response.destroyed || request.method === 'HEAD')) answer.open(leftSink)
      if (response.destroyed) return true
      if (answer.kind === 'stream' && request.method !== 'HEAD') startStream(response, answer)
      else sendReply(request, response, answer)
      return true
    })
}

function sendReply(request: IncomingMessage, response: ServerResponse, answer: Reply | StreamReply): void {
  const headers = toNodeHeaders(answer.headers)
  const { body = '' }: { readonly body?: string } = answer.kind === 'reply' ? answer : {}
  const length = Buffer.byteLength(body)
  // With its length a short answer is one write; without, Node sends it in chunks.
  const sized = answer.kind === 'reply' && mayHaveBody(answer.status)
  writeHead(response, answer.status, sized ? [...headers, 'content-length', String(length)] : headers)
  // Plain ASCII is written as it stands, without being measured and encoded once more.
  if (request.method === 'HEAD' || length === 0) response.end()
  else response.end(body, length === body.length ? 'latin1' : 'utf8')
  dropUnread(request)
}

function startStream(response: ServerResponse, answer: StreamReply): void {
  const { socket } = response
  writeHead(response, answer.status, toNodeHeaders(answer.headers))
  if (!ownsSocket(response) || socket === null) {
    response.flushHeaders()
    answer.open(new ResponseSink(response))
    return
  }
  // Headers and the first frames in one packet.
  socket.cork()
  try {
    response.flushHeaders()
    answer.open(new SocketSink(response, socket))
  } finally {
    socket.uncork()
  }
}

/**
 * Whether what is written to the socket follows what the response wrote: an HTTP/1 response that nobody wrapped. One
 * that waits behind another on its connection has no socket yet.
 */
function ownsSocket(response: ServerResponse): boolean {
  const { write, end } = ServerResponse.prototype
  return response instanceof ServerResponse && response.write === write && response.end === end
}

function mayHaveBody(status: number): boolean {
  return status !== 204 && status !== 304
}

function writeHead(response: ServerResponse, status: number, list: readonly string[]): void {
  if (response instanceof ServerResponse) {
    response.writeHead(status, [...list])
    return
  }
  // HTTP/2 keeps the last of several values in a list.
  const headers: Record<string, string | string[]> = {}
  for (let at = 0; at < list.length; at += 2) {
    const [name = '', value = ''] = [list[at], list[at + 1]]
    const before = headers[name]
    headers[name] = before === undefined ? value : [before, value].flat()
  }
  ;(response as ServerResponse).writeHead(status, headers)
}

/** Written out once of those headers that many answers share, which are frozen. */
const written = new WeakMap<HeaderMap, readonly string[]>()

/** Name, value, name, value …, as Node takes them without a look at each name. */
function toNodeHeaders(headers: HeaderMap): readonly string[] {
  const known = written.get(headers)
  if (known !== undefined) return known
  const list: string[] = []
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string') list.push(name, value)
    else for (const each of value) list.push(name, each)
  }
  if (Object.isFrozen(headers)) written.set(headers, list)
  return list
}
