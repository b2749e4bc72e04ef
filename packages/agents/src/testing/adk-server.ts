import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface AdkServerOptions {
  /** What `/run_sse` streams. */
  readonly events: readonly object[]
  /** Status of the answer to `/run_sse`. Default 200. */
  readonly status?: number
  /** The connection dies after the events instead of ending. */
  readonly cut?: boolean
  /** The connection stays open after the events. */
  readonly stall?: boolean
}

/** An ADK API server on loopback, with one app called `desk`. */
export interface AdkServer {
  readonly url: string
  /** Bodies of `/run_sse`. */
  readonly asked: readonly Record<string, unknown>[]
  /** Streams that a client left before their end. */
  readonly left: () => number
  close(): Promise<void>
}

/** Speaks `POST /apps/A/users/U/sessions/S` and `POST /run_sse` as the real one does. */
export async function startAdkServer(options: AdkServerOptions): Promise<AdkServer> {
  const sessions = new Set<string>()
  const asked: Record<string, unknown>[] = []
  let left = 0
  const refuse = (response: ServerResponse, status: number): void => {
    const detail = 'internal detail at /srv/adk/runner.py'
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ detail }))
  }
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let text = ''
    for await (const chunk of request) text += String(chunk)
    const session = /^\/apps\/desk\/users\/([^/]+)\/sessions\/([^/]+)$/.exec(request.url ?? '')
    if (session !== null) {
      const id = session.slice(1).join('/')
      if (sessions.has(id)) refuse(response, 409)
      else {
        sessions.add(id)
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(JSON.stringify({ id: session[2] }))
      }
      return
    }
    const body = JSON.parse(text) as Record<string, unknown>
    if (
      request.url !== '/run_sse' ||
      !sessions.has(`${String(body['userId'])}/${String(body['sessionId'])}`)
    ) {
      refuse(response, 404)
      return
    }
    asked.push(body)
    if (options.status !== undefined) {
      refuse(response, options.status)
      return
    }
    response.on('close', () => {
      if (!response.writableFinished) left += 1
    })
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
    for (const event of options.events) response.write(`data: ${JSON.stringify(event)}\n\n`)
    if (options.cut === true) setImmediate(() => response.destroy())
    else if (options.stall !== true) response.end()
  }
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${String(port)}`,
    asked,
    left: () => left,
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
