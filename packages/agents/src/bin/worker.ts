#!/usr/bin/env node
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { StreamError } from '@throughline/protocol'
import { createHttpRunSource, readConfig } from '@throughline/server'
import { fail, stopOnSignals } from '@throughline/server/bin'
import { pino } from 'pino'
import { findNextDocs } from '../library/corpus.ts'
import { openLibrary } from '../library/open-library.ts'
import { readModelSettings } from '../provider/model-settings.ts'
import { failureFields } from '../run/failure-fields.ts'
import { createRunEngine, type RunEngine } from '../run/run-engine.ts'
import { createResearchTeam } from '../team/research-team.ts'
import { workerToken } from './worker-token.ts'

/** Runs under way may take this long to end; then they go back to the hub. */
const DRAIN_MS = 10_000
const LIMIT_MS = 15_000

/** A worker beside a hub: claims its runs over HTTP and does them with a library of its own. */
async function main(): Promise<void> {
  const { env } = process
  const config = readConfig(env)
  const model = readModelSettings(env)
  const hubUrl = readHubUrl(env['HUB_URL'])
  const logger = pino({ level: env['LOG_LEVEL'] ?? 'info' }, pino.destination(2))
  const token = await workerToken(env['WORKER_TOKEN'], config)
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 })
  const library = await openLibrary({ path: join(config.dataDir, 'worker-library.db') })
  const running: { engine?: RunEngine } = {}
  stopOnSignals(async () => {
    await running.engine?.close()
    await library.dispose()
  }, LIMIT_MS)
  const corpus = findNextDocs(import.meta.url)
  if (corpus !== null) await library.importCorpus(corpus)
  const source = createHttpRunSource({
    baseUrl: hubUrl,
    token,
    onError: (error, context) => {
      logger.warn(failureFields(error), context)
    },
  })
  running.engine = createRunEngine({
    source,
    team: createResearchTeam({ library, model }),
    drainMs: DRAIN_MS,
    logger,
  })
  process.stdout.write(`Throughline worker: takes runs of ${hubUrl}\n`)
}

function readHubUrl(value: string | undefined): string {
  const address = value === undefined || value.trim() === '' ? 'http://127.0.0.1:4000' : value.trim()
  const protocol = URL.parse(address)?.protocol
  if (protocol === 'http:' || protocol === 'https:') return address
  throw new StreamError('invalid_request', 'HUB_URL is no http or https address. Write it with its scheme.')
}

await main().catch(fail)
