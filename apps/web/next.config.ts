import type { NextConfig } from 'next'

/** Pages only: `/api/*` is answered by the hub before Next sees a request. */
const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  compress: true,
  devIndicators: false,
  // `npm run check` checks types, once for the whole repository.
  typescript: { ignoreBuildErrors: true },
}

export default config
