import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import {
  createAdkTeam,
  createRunEngine,
  findNextDocs,
  openLibrary,
  openStepTimes,
  readAdkSettings,
  readModelSettings,
  type Library,
  type RunEngine,
} from '@throughline/agents'
import type { Logger, RunSource } from '@throughline/server'
import type { People } from './people.ts'
import { createPersonTeam } from './person-team.ts'

export interface TeamOptions {
  readonly library: Library
  /** Where the times of earlier steps are kept. */
  readonly dataDir: string
  readonly runs: RunSource
  /** Whose model answers whom. */
  readonly people: Pick<People, 'providerOf' | 'allowLocal'>
  readonly env: NodeJS.ProcessEnv
  readonly logger: Logger
  /** Told when the team can be asked, and how long its library took. */
  readonly onReady: (line: string) => void
}

/** Opens the document library in the data directory. */
export async function openDataLibrary(dataDir: string): Promise<Library> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  return openLibrary({ path: join(dataDir, 'library.db') })
}

/** Fills the library with the bundled documentation, then starts the team; until then questions wait in the log. */
export async function startTeam(options: TeamOptions): Promise<RunEngine> {
  const { library, dataDir, runs, people, env, logger, onReady } = options
  const model = readModelSettings(env)
  const corpus = findNextDocs(import.meta.url)
  const begun = performance.now()
  const imported = corpus === null ? undefined : await library.importCorpus(corpus)
  const seconds = ((performance.now() - begun) / 1000).toFixed(1)
  onReady(
    imported === undefined || imported.status === 'unchanged'
      ? 'The library is ready.'
      : `The library is ready: ${String(imported.documents)} pages indexed in ${seconds} s.`,
  )
  const stepTimes = await openStepTimes(join(dataDir, 'step-times.json'), (err) => {
    logger.warn({ err }, 'keeping the times of steps')
  })
  const adk = readAdkSettings(env)
  const team = adk
    ? createAdkTeam(adk)
    : createPersonTeam({
        library,
        stepTimes,
        model,
        providerOf: people.providerOf,
        allowLocal: people.allowLocal,
      })
  return createRunEngine({ source: runs, team, logger })
}
