#!/usr/bin/env node
import { pino } from 'pino'
import { originAt, readConfig, type Config } from '../config/config.ts'
import { createHubService } from '../hub-service.ts'
import { createMetrics } from '../metrics/index.ts'
import { createHubServer } from '../node/index.ts'
import { loadDevelopmentSecret } from './development-secret.ts'
import { fail, stopOnSignals } from './lifetime.ts'
import { openEngine } from './open-engine.ts'
import { isOneOfSeveral, runProcesses, stopWhenTold } from './processes.ts'

/** Readers are told to come back spread over this time. */
const SPREAD_MS = 3_000
/** Requests under way may take this long to end. */
const GRACE_MS = 3_000
const LIMIT_MS = 15_000

/** The standalone hub: streams, commands and claims over HTTP; agents run elsewhere and claim their runs. */
async function main(config: Config): Promise<void> {
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
    if (isOneOfSeveral) stopWhenTold(stop, LIMIT_MS)
    else {
      stopOnSignals(stop, LIMIT_MS)
      announce(config, port)
    }
    if (summary !== undefined) process.stdout.write(`${summary}\n`)
  } catch (error) {
    await service.close()
    await driver.dispose()
    throw error
  }
}

function announce({ host }: Config, port: number): void {
  process.stdout.write(`Throughline hub: ${originAt(host, port)}\n`)
}

try {
  const config = readConfig(process.env, { defaultPort: 4_000 })
  const { processes: count } = config
  const onReady = (port: number): void => {
    announce(config, port)
  }
  if (count > 1 && !isOneOfSeveral) runProcesses({ count, limitMs: LIMIT_MS, onReady })
  else await main(config)
} catch (error) {
  fail(error)
}
