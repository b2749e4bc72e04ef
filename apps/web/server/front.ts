import type { Config } from '@throughline/server'
import { stopOnSignals } from '@throughline/server/bin'
import { createHubServer } from '@throughline/server/node'
import { openPages } from './pages.ts'

const GRACE_MS = 3_000
const LIMIT_MS = 15_000

/** The app in front of a hub elsewhere (`BACKEND_URL`): Next serves the pages and passes the API on. */
export async function startFront(config: Config): Promise<void> {
  const pages = await openPages(config.host, config.port)
  const server = createHubServer({
    gateway: { handle: () => Promise.resolve(undefined) },
    fallthrough: pages.handle,
  })
  await server.listen(config.port, config.host)
  stopOnSignals(async () => {
    await server.close(GRACE_MS)
    await pages.close()
  }, LIMIT_MS)
  process.stdout.write(`Throughline: ${config.ownOrigin}, its hub elsewhere\n`)
}
