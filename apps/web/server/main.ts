import { createServer } from 'node:net'
import { readAdkSettings, readModelSettings, type RunEngine } from '@throughline/agents'
import { createHubService, readConfig } from '@throughline/server'
import { fail, loadDevelopmentSecret, openEngine, stopOnSignals } from '@throughline/server/bin'
import { createMetrics } from '@throughline/server/metrics'
import { createHubServer } from '@throughline/server/node'
import { pino } from 'pino'
import { appRoutes } from './app-routes.ts'
import { readSignUp } from './accounts/sign-up-setting.ts'
import { createDatabaseHealth } from './database/database-health.ts'
import { openDatabase } from './database/open-database.ts'
import { createDatabaseOriginals } from './database/originals.ts'
import { startFront } from './front.ts'
import { createDocumentLibrary, type DocumentLibrary } from './library/document-library.ts'
import { createLibraryHealth } from './library/library-health.ts'
import { readMailSettings } from './mail/mail-settings.ts'
import { openPages } from './pages.ts'
import { createPeople, type People } from './people.ts'
import { openDataLibrary, startTeam } from './team.ts'

/** Readers are told to come back spread over this time. */
const SPREAD_MS = 1_000
/** Runs and requests under way may take this long to end. */
const GRACE_MS = 3_000
const LIMIT_MS = 15_000

/** The research app: hub, agents and pages as one process on one port. */
async function main(): Promise<void> {
  const config = readConfig(process.env)
  // Said now, in one line, rather than at the first question.
  readModelSettings(process.env)
  readSignUp(process.env)
  const mail = readMailSettings(process.env, config)
  await probe(config.port, config.host)
  // With ADK_APP the backend is an ADK server, which answers questions and is no hub.
  if (config.backendUrl !== undefined && readAdkSettings(process.env) === undefined) {
    await startFront(config)
    return
  }
  // Where others reach it, who came and went is on record; on a laptop it would only fill the terminal.
  const level = process.env['LOG_LEVEL'] ?? (config.production ? 'info' : 'warn')
  const logger = pino({ level }, pino.destination(2))
  const keys = config.keys ?? { kind: 'secret', secret: await loadDevelopmentSecret(config.dataDir) }
  const engine = await openEngine(config)
  const { driver, summary } = engine
  const library = await openDataLibrary(config.dataDir)
  const { dataDir, databaseUrl } = config
  const database = await openDatabase({ dataDir, url: databaseUrl, logger })
  const made: { people?: People; documents?: DocumentLibrary } = {}
  // What other nodes changed waits behind the bundled pages.
  const bundled = Promise.withResolvers<null>()
  const shared = createLibraryHealth(async () => {
    await bundled.promise
    await made.documents?.caughtUp()
  })
  const metrics = createMetrics()
  const service = createHubService({
    ...engine,
    config,
    keys,
    logger,
    checks: [createDatabaseHealth({ database, logger }), ...(databaseUrl === undefined ? [] : [shared])],
    routes: (parts) => {
      const documents = createDocumentLibrary({
        library,
        dataDir,
        logger,
        // With a database, all nodes have the same documents.
        ...(databaseUrl !== undefined && {
          shared: { originals: createDatabaseOriginals({ database }), log: parts.log },
        }),
      })
      const possessions = [documents.owned]
      const people = createPeople({ database, keys, parts, env: process.env, logger, possessions, mail })
      made.documents = documents
      made.people = people
      return appRoutes({ documents, people })
    },
    metrics,
  })
  const { people, documents } = made
  if (people === undefined || documents === undefined) throw new Error('The hub did not ask for its routes.')
  const pages = await openPages(config.host, config.port)
  const server = createHubServer({
    gateway: service.gateway,
    metrics,
    trustedProxies: config.trustedProxies,
    publicUrl: config.origins.publicOrigin,
    fallthrough: pages.handle,
    onError: (error) => {
      logger.error({ err: error }, 'answering failed')
    },
  })
  const team: { engine?: Promise<RunEngine> } = {}

  const release = async (): Promise<void> => {
    await people.close()
    await documents.close()
    await service.close()
    await database.close()
    await library.dispose()
    await pages.close()
    await driver.dispose()
  }
  const stop = async (): Promise<void> => {
    const closed = server.close(GRACE_MS)
    await service.drain({ graceMs: GRACE_MS, spreadMs: SPREAD_MS })
    await team.engine?.then((running) => running.close())
    await closed
    await release()
  }

  try {
    await service.start()
    await documents.start()
    await people.start()
    const { port } = await server.listen(config.port, config.host)
    stopOnSignals(stop, LIMIT_MS)
    process.stdout.write(`Throughline: ${config.ownOrigin.replace(/:0$/, `:${String(port)}`)}\n`)
    if (summary !== undefined) process.stdout.write(`${summary}\n`)
  } catch (error) {
    await release()
    throw error
  }
  if (process.env['AGENTS'] === 'off') {
    bundled.resolve(null)
    return
  }
  team.engine = startTeam({
    library,
    dataDir: config.dataDir,
    runs: service.runs,
    people,
    env: process.env,
    logger,
    onReady(line) {
      bundled.resolve(null)
      process.stdout.write(`${line}\n`)
    },
  })
  await team.engine
}

/** Finds a busy port before anything is opened. @throws the error of `listen` */
async function probe(port: number, host: string): Promise<void> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  await new Promise((resolve) => server.close(resolve))
}

await main().catch(fail)
