import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import next from 'next'

export interface Pages {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>
  close(): Promise<void>
}

/** Next, for everything that is not the hub's. The app must have been built. */
export async function openPages(hostname: string, port: number): Promise<Pages> {
  const app = next({ dev: false, dir: join(import.meta.dirname, '..'), hostname, port, quiet: true })
  await app.prepare()
  const handle = app.getRequestHandler()
  return {
    handle: (request, response) => handle(request, response),
    close: () => app.close(),
  }
}
