import { NextResponse, type NextRequest } from 'next/server'

const NONCE_BYTES = 16

/** Gives each page a policy and a nonce of its own, however the app is served. */
export function proxy(request: NextRequest): NextResponse {
  const nonce = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(NONCE_BYTES))))
  const policy = contentPolicy(nonce)
  const headers = new Headers(request.headers)
  // Next takes the nonce for its own scripts from the request's policy.
  headers.set('content-security-policy', policy)
  headers.set('x-nonce', nonce)
  const response = NextResponse.next({ request: { headers } })
  response.headers.set('content-security-policy', policy)
  // Not `no-store`, which keeps a page out of the back/forward cache; there is nothing of anybody in a page.
  response.headers.set('cache-control', 'private, no-cache')
  return response
}

/** Nothing from elsewhere, and no inline script or style without this answer's nonce. */
function contentPolicy(nonce: string): string {
  // React's development build evaluates code to show where an error came from.
  const development = process.env.NODE_ENV === 'development' ? " 'unsafe-eval'" : ''
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development}`,
    // The thread that colours code.
    "worker-src 'self'",
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

/** Pages; what the API and the build's own files answer is no page. */
export const config = { matcher: ['/((?!api/|_next/static/|_next/image|healthz$|readyz$).*)'] }
