import { randomBytes } from 'node:crypto'
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
  const handler = app.getRequestHandler()
  return {
    handle: async (request, response) => {
      const nonce = randomBytes(16).toString('base64')
      const policy = contentPolicy(nonce)
      // Next takes the nonce for its own scripts from the request's policy.
      request.headers['content-security-policy'] = policy
      request.headers['x-nonce'] = nonce
      response.setHeader('Content-Security-Policy', policy)
      response.setHeader('X-Content-Type-Options', 'nosniff')
      response.setHeader('Referrer-Policy', 'no-referrer')
      response.setHeader('X-Frame-Options', 'DENY')
      response.setHeader('Permissions-Policy', 'camera=(), geolocation=(), microphone=()')
      response.setHeader('Cross-Origin-Opener-Policy', 'same-origin')
      await handler(request, response)
    },
    close: () => app.close(),
  }
}

/** Nothing from elsewhere, and no inline script or style without this answer's nonce. */
function contentPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}
