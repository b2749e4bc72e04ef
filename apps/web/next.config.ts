import type { NextConfig } from 'next'
import { PHASE_PRODUCTION_BUILD } from 'next/constants'

/** What every answer of the pages' server says; the policy, with a nonce of its own, is added in `src/proxy.ts`. */
const SECURITY_HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'X-Frame-Options': 'DENY',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
}

/** A script that runs as a thread is under its own answer's policy, not the page's: it may load its parts. */
const SCRIPT_POLICY = "default-src 'none'; script-src 'self'; frame-ancestors 'none'"

/** Pages, and with `BACKEND_URL` the API of a hub elsewhere; a hub in the same process answers before Next does. */
const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  compress: true,
  devIndicators: false,
  // `npm run check` checks types, once for the whole repository.
  typescript: { ignoreBuildErrors: true },
  headers: () =>
    Promise.resolve([
      {
        source: '/:path*',
        headers: Object.entries(SECURITY_HEADERS).map(([key, value]) => ({ key, value })),
      },
      {
        source: '/_next/static/:path*',
        headers: [{ key: 'Content-Security-Policy', value: SCRIPT_POLICY }],
      },
    ]),
}

/** The build also makes `.next/standalone`, which runs by itself; whoever runs it otherwise need not hear of that. */
export default (phase: string): NextConfig =>
  phase === PHASE_PRODUCTION_BUILD ? { ...config, output: 'standalone' } : config
