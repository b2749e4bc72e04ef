import { StreamError, isEvent, type Draft, type Envelope, type RunUsage } from '@throughline/protocol'
import { fieldsOf } from '../fields.ts'
import { systemTimers, type Timers } from '../hub/timers.ts'
import { createInputQueue } from './input-queue.ts'
import { createLeaseKeeper } from './lease-keeper.ts'
import type { RunPort } from './run-port.ts'
import type { RunWriter } from './run-writer.ts'
import { terminalDraft, type RunEnd } from './terminal.ts'
import { WriteQueue } from './write-queue.ts'

export interface OwnedWriterOptions {
  readonly runId: string
  readonly fence: number
  readonly port: RunPort
  /** Life of the lease without a renewal. */
  readonly ttlMs: number
  readonly timers?: Timers
  readonly random?: () => number
  readonly onError?: (error: unknown, context: string) => void
}

/** A run writer as its source sees it. */
export interface OwnedWriter extends RunWriter {
  /** Settles when the run is no longer this writer's. Never rejects. */
  readonly done: Promise<void>
  /** Gives the run up: back to the queue when nothing was written, else it ends as `interrupted`. */
  abandon(): Promise<void>
}

/** Writes a run's events in groups, keeps its lease and hears of its end: one writer for both ports. */
export function createOwnedWriter(options: OwnedWriterOptions): OwnedWriter {
  const { runId, fence, port, ttlMs, timers = systemTimers, random = Math.random } = options
  const { onError = () => undefined } = options
  const lost = new AbortController()
  const following = new AbortController()
  const inputs = createInputQueue()
  let phase: 'open' | 'ending' | 'over' = 'open'
  let ending: Promise<void> | undefined
  /** Requests that a person has not answered. */
  const waiting = new Set<string>()
  let settle: () => void = () => undefined
  const done = new Promise<void>((resolve) => {
    settle = resolve
  })

  /** The run is no longer ours. */
  const close = (): void => {
    phase = 'over'
    keeper.stop()
    inputs.end()
    following.abort()
    settle()
  }

  /** Somebody else ended or took the run. */
  const lose = (error: StreamError): void => {
    if (phase === 'over') return
    close()
    queue.fail(error)
    lost.abort(error)
  }

  const keeper = createLeaseKeeper({ ttlMs, timers, renew: () => port.renew(), onLost: lose })
  const queue = new WriteQueue({
    append: (batch) => keeper.renewedBy(() => port.append(batch)),
    // Once the lease has run out it could only be refused.
    mayRetry: () => phase !== 'over' && keeper.leftMs() > 0,
    timers,
    random,
  })

  const push = async (drafts: readonly Draft[], end: boolean): ReturnType<WriteQueue['push']> => {
    try {
      return await queue.push(drafts, end)
    } catch (error) {
      if (isEnd(error)) lose(error)
      throw error
    }
  }

  /** Only the first call decides; a run that somebody else ended keeps that end. */
  const finish = (end: Omit<RunEnd, 'runId'>, before: readonly Draft[] = []): Promise<void> => {
    if (phase === 'over') return ending ?? Promise.resolve()
    phase = 'ending'
    ending ??= push([...before, terminalDraft({ runId, ...end })], true).then(close, (error: unknown) => {
      if (isEnd(error)) return
      // The lease runs out and the reaper ends the run: its readers do not wait for ever.
      close()
      throw error
    })
    return ending
  }

  const onEvent = (event: Envelope): void => {
    if (event.runId !== runId || phase === 'over') return
    if (isEvent(event, 'input_resolved')) {
      const { inputId, kind, decision, value } = event.data
      waiting.delete(inputId)
      inputs.push({ inputId, kind, decision, ...(value !== undefined && { value }) })
    } else if (event.type === 'run_completed' && phase === 'open') {
      lose(new StreamError('conflict', 'The run was ended: stop.'))
    } else if (isEvent(event, 'run_started') && event.data.attempt > fence) {
      lose(new StreamError('conflict', 'Another worker has the run: stop.'))
    }
  }

  port.follow(onEvent, following.signal).catch((error: unknown) => {
    if (!following.signal.aborted) onError(error, `following run ${runId}`)
  })

  return {
    done,
    signal: lost.signal,
    inputs: () => inputs,
    write(draft) {
      if (phase !== 'open') return Promise.reject(new StreamError('conflict', 'The run is over: stop.'))
      const { inputId } = draft.type === 'input_requested' ? fieldsOf(draft.data) : {}
      if (typeof inputId === 'string') waiting.add(inputId)
      return push([{ runId, ...draft }], false)
    },
    ephemeral(draft) {
      if (phase === 'open') port.signal({ runId, ...draft })
    },
    complete: (usage) => finish({ status: 'completed', ...(isUsage(usage) && { usage }) }),
    fail: (error) => finish({ status: 'failed' }, [failureDraft(runId, error)]),
    async abandon() {
      if (phase !== 'open') return await ending?.catch(() => undefined)
      lose(new StreamError('conflict', 'The server is going down: stop.'))
      await queue.idle()
      try {
        // What only waits for a person is another's to wait for.
        if (queue.seq === 0 || waiting.size > 0) await port.release()
        // Behind a group that did not arrive this is a gap and refused: then the lease runs out.
        else await port.append({ seq: queue.seq + 1, end: true, drafts: [interrupted(runId)] })
      } catch (error) {
        if (!isEnd(error)) onError(error, `giving up run ${runId}`)
      }
    },
  }
}

function interrupted(runId: string): Draft {
  return terminalDraft({ runId, status: 'interrupted', reason: 'The server went down.' })
}

/** What a person is told of a failure. Only a `StreamError`'s words were written for one. */
function failureDraft(runId: string, error: unknown): Draft {
  const known = error instanceof StreamError ? error : undefined
  const data = {
    code: known?.code ?? 'server_error',
    message: known?.message ?? 'Something went wrong while answering. Try again.',
    retryable: known?.retryable ?? true,
    ...(known?.retryAfterMs !== undefined && { retryAfterMs: known.retryAfterMs }),
  }
  return { type: 'error_occurred', runId, data }
}

/** Whether the run, or its session, has ended for this writer. */
function isEnd(error: unknown): error is StreamError {
  return error instanceof StreamError && ['conflict', 'stream_closed', 'not_found'].includes(error.code)
}

function isUsage(usage: unknown): usage is RunUsage {
  return typeof usage === 'object' && usage !== null
}
