import { StreamError, type RunUsage } from '@throughline/protocol'
import type { OwnedRun } from '@throughline/server'
import { failureFields } from './failure-fields.ts'
import type { RunLogger } from './run-logger.ts'
import type { Team } from './team.ts'

export interface ExecuteRunOptions {
  readonly run: OwnedRun
  readonly team: Team
  readonly runLimitMs: number
  /** Aborted when the process goes away: the run is given back without an end. */
  readonly shutdown: AbortSignal
  readonly logger: RunLogger
}

type Outcome = { readonly usage: RunUsage | undefined } | { readonly error: unknown }

/**
 * Has the team do one run and writes its one terminal event: `completed`, or `failed` with an error a person can
 * read. A run that was ended elsewhere, or is given back, gets none from here. Never rejects.
 */
export async function executeRun(options: ExecuteRunOptions): Promise<void> {
  const { run, team, runLimitMs, shutdown, logger } = options
  const { runId, sessionId, writer } = run
  const limit = new AbortController()
  const timer = setTimeout(() => {
    limit.abort(tooLong(runLimitMs))
  }, runLimitMs)
  const signal = AbortSignal.any([writer.signal, limit.signal, shutdown])
  logger.info({ runId, sessionId, kind: run.input.kind, team: team.name }, 'run started')
  try {
    const outcome = await attempt(team, run, signal)
    if (writer.signal.aborted) logger.info({ runId }, 'run was ended elsewhere')
    else if (limit.signal.aborted) await writer.fail(limit.signal.reason)
    else if (shutdown.aborted && 'error' in outcome) logger.info({ runId }, 'run given back')
    else if ('error' in outcome) {
      logger.warn({ runId, ...failureFields(outcome.error) }, 'run failed')
      await writer.fail(readable(outcome.error))
    } else {
      await writer.complete(outcome.usage)
      logger.info({ runId }, 'run completed')
    }
  } catch (error) {
    logger.error(
      { runId, ...failureFields(error) },
      'the end of a run could not be written; its lease will run out',
    )
  } finally {
    clearTimeout(timer)
  }
}

async function attempt(team: Team, run: OwnedRun, signal: AbortSignal): Promise<Outcome> {
  try {
    return { usage: await team.run({ run, signal }) }
  } catch (error) {
    return { error }
  }
}

function tooLong(limitMs: number): StreamError {
  const minutes = Math.max(1, Math.round(limitMs / 60_000))
  return new StreamError(
    'server_error',
    `The run was stopped after ${String(minutes)} min. Ask for less at once, or continue from here.`,
  )
}

/** What a person may be told: our own errors as they are, anything else without its text. */
function readable(error: unknown): StreamError {
  if (error instanceof StreamError) return error
  return new StreamError(
    'server_error',
    'The research team failed. Try again; the operator’s log has the cause.',
    {
      cause: error,
    },
  )
}
