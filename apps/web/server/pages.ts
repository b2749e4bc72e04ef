import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import next from 'next'
import { refusePageRequest } from './page-request.ts'
import { openStaticFiles } from './static-files.ts'

/** A page says otherwise; errors, redirects and files have this. */
const NO_PAGE = "default-src 'none'; frame-ancestors 'none'"

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
      response.setHeader('content-security-policy', NO_PAGE)
      const refusal = refusePageRequest(request)
      if (refusal !== undefined) {
        const { status, allow } = refusal
        response
          .writeHead(status, { 'cache-control': 'no-store', ...(allow !== undefined && { allow }) })
          .end()
        return
      }
      if (!(await answerStatic(request, response))) await handle(request, response)
    },
    close: () => app.close(),
  }
}
