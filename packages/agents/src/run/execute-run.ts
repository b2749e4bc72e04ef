import { StreamError, type RunUsage } from '@throughline/protocol'
import type { OwnedRun } from '@throughline/server'
import { failureFields } from './failure-fields.ts'
import type { RunLogger } from './run-logger.ts'
import type { Parking } from './parking.ts'
import type { Park, Team } from './team.ts'

export interface ExecuteRunOptions {
  readonly run: OwnedRun
  readonly team: Team
  readonly runLimitMs: number
  /** Aborted when the process goes away: the run is given back without an end. */
  readonly shutdown: AbortSignal
  readonly logger: RunLogger
  readonly parking: Parking
  /** Told when the run begins to wait for a person; the function given back, when it goes on. */
  readonly onPark: () => () => void
}

type Outcome = { readonly usage: RunUsage | undefined } | { readonly error: unknown }

/**
 * Has the team do one run and writes its one terminal event: `completed`, or `failed` with an error a person can
 * read. A run that was ended elsewhere, or is given back, gets none from here. Never rejects.
 */
export async function executeRun(options: ExecuteRunOptions): Promise<void> {
  const { run, team, runLimitMs, shutdown, logger, parking, onPark } = options
  const { runId, sessionId, writer } = run
  const limit = new AbortController()
  const clock = startClock(runLimitMs, () => {
    limit.abort(tooLong(runLimitMs))
  })
  const signal = AbortSignal.any([writer.signal, limit.signal, shutdown])
  const park: Park = async (wait) => {
    clock.stop()
    const goOn = onPark()
    try {
      return await parking.park(signal, wait)
    } finally {
      goOn()
      clock.go()
    }
  }
  logger.info({ runId, sessionId, kind: run.input.kind, team: team.name }, 'run started')
  try {
    const outcome = await attempt(() => team.run({ run, signal, park }))
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
    clock.stop()
  }
}

/** Calls back after so much time that was not stopped. */
function startClock(limitMs: number, onEnd: () => void): { stop(): void; go(): void } {
  let leftMs = limitMs
  let startedAt = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  const stop = (): void => {
    if (timer === undefined) return
    clearTimeout(timer)
    timer = undefined
    leftMs -= performance.now() - startedAt
  }
  const go = (): void => {
    stop()
    startedAt = performance.now()
    timer = setTimeout(onEnd, Math.max(0, leftMs))
  }
  go()
  return { stop, go }
}

async function attempt(work: () => Promise<RunUsage | undefined>): Promise<Outcome> {
  try {
    return { usage: await work() }
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
