import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import next from 'next'
import { openStaticFiles } from './static-files.ts'

export interface Pages {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>
  close(): Promise<void>
}

/** Next, for everything that is not the hub's. The app must have been built. */
export async function openPages(hostname: string, port: number): Promise<Pages> {
  const dir = join(import.meta.dirname, '..')
  const app = next({ dev: false, dir, hostname, port, quiet: true })
  await app.prepare()
  const handle = app.getRequestHandler()
  const answerStatic = await openStaticFiles(join(dir, '.next'))
  return {
    handle: async (request, response) => {
      if (!(await answerStatic(request, response))) await handle(request, response)
    },
    close: () => app.close(),
  }
}
