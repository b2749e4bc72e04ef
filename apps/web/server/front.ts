import type { Config } from '@throughline/server'
import { stopOnSignals } from '@throughline/server/bin'
import { createHubServer, createPeerAddress } from '@throughline/server/node'
import { openPages } from './pages.ts'

const GRACE_MS = 3_000
const LIMIT_MS = 15_000

/** The app in front of a hub elsewhere (`BACKEND_URL`): Next serves the pages and passes the API on. */
export async function startFront(config: Config): Promise<void> {
  const { trustedProxies, origins } = config
  const peer = createPeerAddress({ trustedProxies, publicUrl: origins.publicOrigin })
  // Route handlers see no socket: who asks, and how, is written here over whatever a request says, and believed there.
  if (trustedProxies.length === 0) process.env['TRUSTED_PROXIES'] = '127.0.0.1'
  const pages = await openPages(config.host, config.port)
  const server = createHubServer({
    gateway: { handle: () => Promise.resolve(undefined) },
    fallthrough(request, response) {
      request.headers['x-forwarded-for'] = peer.address(request)
      request.headers['x-forwarded-proto'] = peer.protocol(request)
      return pages.handle(request, response)
    },
  })
  await server.listen(config.port, config.host)
  stopOnSignals(async () => {
    await server.close(GRACE_MS)
    await pages.close()
  }, LIMIT_MS)
  process.stdout.write(`Throughline: ${config.ownOrigin}, its hub elsewhere\n`)
}
