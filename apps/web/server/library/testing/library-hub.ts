import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMemoryDriver } from '@throughline/log/memory'
import { createHubService, readConfig, silentLogger } from '@throughline/server'
import { createHubServer } from '@throughline/server/node'
import { openDataLibrary } from '../../team.ts'
import { createDocumentLibrary, type DocumentLibrary } from '../document-library.ts'
import { libraryRoutes } from '../library-routes.ts'

/** A hub on a real socket with the library's routes, its files in a folder of its own. */
export interface LibraryHub {
  readonly url: string
  readonly dataDir: string
  /** A token of `user`; `backend` may add for everybody. */
  token(user: string): Promise<string>
  /** A request of `user`. */
  call(user: string, method: string, path: string, body?: RequestInit['body']): Promise<Response>
  readonly documents: DocumentLibrary
  /** Goes down and comes up again on the same folder. */
  restart(): Promise<void>
  close(): Promise<void>
}

const SECRET = 'a secret for tests that is 32 bytes or more'

export async function startLibraryHub(env: Record<string, string> = {}): Promise<LibraryHub> {
  const dataDir = await mkdtemp(join(tmpdir(), 'throughline-files-'))
  let running = await start(dataDir, env)
  return {
    get url() {
      return running.url
    },
    dataDir,
    get documents() {
      return running.documents
    },
    token: async (user) => (await running.mint(user)).token,
    async call(user, method, path, body) {
      const { token } = await running.mint(user)
      return fetch(`${running.url}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' },
        ...(body !== undefined && { body, duplex: 'half' }),
      })
    },
    async restart() {
      await running.stop()
      running = await start(dataDir, env)
    },
    async close() {
      await running.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

async function start(dataDir: string, env: Record<string, string>) {
  const driver = createMemoryDriver()
  const library = await openDataLibrary(dataDir)
  const documents = createDocumentLibrary({ library, dataDir, logger: silentLogger })
  const config = readConfig({ JWT_SECRET: SECRET, RATE_LIMIT_PER_MINUTE: '10', ...env })
  const service = createHubService({ config, driver, routes: () => libraryRoutes(documents) })
  await service.start()
  const server = createHubServer({ gateway: service.gateway, trustedProxies: [] })
  const { port } = await server.listen(0)
  return {
    documents,
    url: `http://127.0.0.1:${String(port)}`,
    mint: (userId: string) =>
      service.auth.mint({ userId, ttlMs: 600_000, ...(userId === 'backend' && { scope: 'publish' }) }),
    async stop() {
      await service.drain({ graceMs: 0, spreadMs: 0 })
      await server.close(200)
      await documents.close()
      await library.dispose()
      await service.close()
      await driver.dispose()
    },
  }
}
