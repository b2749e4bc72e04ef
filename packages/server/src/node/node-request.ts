import type { IncomingMessage, ServerResponse } from 'node:http'
import type { GatewayRequest } from '../gateway/exchange.ts'
import type { PeerAddress } from './peer-address.ts'
import { readChunks } from './read-chunks.ts'
import { readWhole } from './read-whole.ts'

/** A Node request as the gateway sees it. What costs something is made when it is asked for. */
export class NodeRequest implements GatewayRequest {
  readonly #request: IncomingMessage
  readonly #response: ServerResponse
  readonly #peer: PeerAddress
  #abort: AbortController | undefined

  constructor(request: IncomingMessage, response: ServerResponse, peer: PeerAddress) {
    this.#request = request
    this.#response = response
    this.#peer = peer
  }

  get method(): string {
    return this.#request.method ?? 'GET'
  }

  get url(): string {
    return this.#request.url ?? '/'
  }

  get protocol(): 'http' | 'https' {
    return this.#peer.protocol(this.#request)
  }

  get remoteAddress(): string {
    return this.#peer.address(this.#request)
  }

  header(name: string): string | undefined {
    const value = this.#request.headers[name]
    return Array.isArray(value) ? value[0] : value
  }

  /** A reader that stops early leaves the connection open, so that it can still be told why. */
  get body(): AsyncIterable<Uint8Array> {
    return { [Symbol.asyncIterator]: () => readChunks(this.#request) }
  }

  bytes(limit: number): Promise<Uint8Array> {
    return readWhole(this.#request, limit)
  }

  get signal(): AbortSignal {
    if (this.#abort !== undefined) return this.#abort.signal
    const abort = (this.#abort = new AbortController())
    const response = this.#response
    if (response.destroyed) abort.abort()
    else {
      response.once('close', () => {
        if (!response.writableFinished) abort.abort()
      })
    }
    return abort.signal
  }
}
