import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createHubService, readConfig, silentLogger, type Timers, type TokenKeys } from '@throughline/server'
import { openEngine } from '@throughline/server/bin'
import { createHubServer } from '@throughline/server/node'
import { openDatabase } from '../../database/open-database.ts'
import { createDatabaseOriginals, type DatabaseOriginals } from '../../database/originals.ts'
import { openDataLibrary } from '../../team.ts'
import { createDocumentLibrary, type DocumentLibrary } from '../document-library.ts'
import { libraryRoutes } from '../library-routes.ts'

export interface LibraryNodeOptions {
  readonly dataDir: string
  readonly databaseUrl: string
  /** Default: a log of its own in the data directory. */
  readonly redisUrl?: string
  readonly timers?: Timers
}

/** One of several nodes that share documents, on a real socket. */
export interface LibraryNode {
  readonly documents: DocumentLibrary
  /** What is in the database. */
  readonly originals: DatabaseOriginals
  call(user: string, method: string, path: string, body?: string): Promise<Response>
  /** What `user` finds. */
  find(user: string, query: string): Promise<readonly string[]>
  /** Its index is lost. Only while it is stopped. */
  loseIndex(): Promise<void>
  stop(): Promise<void>
}

const KEYS: TokenKeys = { kind: 'secret', secret: 'a secret for tests that is 32 bytes or more' }

export async function startLibraryNode(options: LibraryNodeOptions): Promise<LibraryNode> {
  const { dataDir, databaseUrl, redisUrl, timers } = options
  const config = readConfig({
    DATA_DIR: dataDir,
    RATE_LIMIT_PER_MINUTE: '0',
    ...(redisUrl !== undefined && { REDIS_URL: redisUrl }),
  })
  const engine = await openEngine(config)
  const database = await openDatabase({ dataDir, url: databaseUrl, logger: silentLogger })
  const library = await openDataLibrary(dataDir)
  const originals = createDatabaseOriginals({ database })
  const made: DocumentLibrary[] = []
  const service = createHubService({
    ...engine,
    config,
    keys: KEYS,
    routes: ({ log }) => {
      const shared = { originals, log, ...(timers !== undefined && { timers }) }
      const documents = createDocumentLibrary({ library, dataDir, logger: silentLogger, shared })
      made.push(documents)
      return libraryRoutes(documents)
    },
  })
  const [documents] = made
  if (documents === undefined) throw new Error('The hub did not ask for its routes.')
  await service.start()
  await documents.start()
  const server = createHubServer({ gateway: service.gateway, trustedProxies: [] })
  const { port } = await server.listen(0)
  return {
    documents,
    originals,
    async call(user, method, path, body) {
      const { token } = await service.auth.mint({ userId: user, ttlMs: 600_000 })
      return fetch(`http://127.0.0.1:${String(port)}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' },
        ...(body !== undefined && { body }),
      })
    },
    async find(user, query) {
      const { passages } = await library.search({ query, owners: [user] })
      return passages.map(({ source }) => source)
    },
    loseIndex: () => rm(join(dataDir, 'library.db'), { force: true }),
    async stop() {
      await service.drain({ graceMs: 0, spreadMs: 0 })
      await server.close(200)
      await documents.close()
      await service.close()
      await library.dispose()
      await database.close()
      await engine.driver.dispose()
    },
  }
}
