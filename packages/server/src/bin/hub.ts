#!/usr/bin/env node
import { pino } from 'pino'
import { originAt, readConfig } from '../config/config.ts'
import { createHubService } from '../hub-service.ts'
import { createMetrics } from '../metrics/index.ts'
import { createHubServer } from '../node/index.ts'
import { loadDevelopmentSecret } from './development-secret.ts'
import { fail, stopOnSignals } from './lifetime.ts'
import { openEngine } from './open-engine.ts'

/** Readers are told to come back spread over this time. */
const SPREAD_MS = 3_000
/** Requests under way may take this long to end. */
const GRACE_MS = 3_000
const LIMIT_MS = 15_000

/** The standalone hub: streams, commands and claims over HTTP; agents run elsewhere and claim their runs. */
async function main(): Promise<void> {
  const config = readConfig(process.env, { defaultPort: 4_000 })
  const logger = pino({ level: process.env['LOG_LEVEL'] ?? 'info' }, pino.destination(2))
  const keys = config.keys ?? { kind: 'secret', secret: await loadDevelopmentSecret(config.dataDir) }
  const engine = await openEngine(config)
  const { driver, summary } = engine
  const metrics = createMetrics()
  const service = createHubService({ ...engine, config, keys, logger, metrics })
  const server = createHubServer({
    gateway: service.gateway,
    metrics,
    trustedProxies: config.trustedProxies,
    publicUrl: config.origins.publicOrigin,
    onError(error) {
      logger.error({ err: error }, 'answering failed')
    },
  })

  const stop = async (): Promise<void> => {
    const closed = server.close(GRACE_MS)
    await service.drain({ graceMs: 0, spreadMs: SPREAD_MS })
    await closed
    await service.close()
    await driver.dispose()
  }

  try {
    await service.start()
    const { port } = await server.listen(config.port, config.host)
    stopOnSignals(stop, LIMIT_MS)
    process.stdout.write(`Throughline hub: ${originAt(config.host, port)}\n`)
    if (summary !== undefined) process.stdout.write(`${summary}\n`)
  } catch (error) {
    await service.close()
    await driver.dispose()
    throw error
  }
}

await main().catch(fail)
