import { StreamError } from '@throughline/protocol'
import type { CommandAccepted, ConversationState, InputResolution, Run } from '@throughline/protocol'
import { backoffMs } from '../connection/backoff.ts'
import type { Environment } from '../environment.ts'
import type { Send } from '../rest/request.ts'
import { sessionPath } from '../rest/sessions-api.ts'

/** Tries of a command that the network swallowed; a person is waiting for it. */
const MAX_TRIES = 4

export interface CommandOptions {
  readonly sessionId: string
  readonly environment: Environment
  readonly send: Send
  readonly getConversation: () => ConversationState
}

/** Commands to runs. Each is sent until it is answered, with one id, so that it happens once. */
export interface Commands {
  stop(runId?: string): Promise<boolean>
  regenerate(messageId: string): Promise<CommandAccepted>
  continueRun(runId: string): Promise<CommandAccepted>
  resolve(inputId: string, decision: string, value?: unknown): Promise<boolean>
  steer(content: string, runId?: string): Promise<boolean>
}

export function createCommands({ sessionId, environment, send, getConversation }: CommandOptions): Commands {
  const command = async (path: string, body: object): Promise<unknown> => {
    for (let tries = 1; ; tries++) {
      try {
        return await send('POST', sessionPath(sessionId, path), { body })
      } catch (error) {
        if (!(error instanceof StreamError) || !error.retryable || tries === MAX_TRIES) throw error
        const ms = backoffMs(tries, environment.random, {}, error.retryAfterMs)
        await new Promise<void>((resolve) => void environment.setTimer(resolve, ms))
      }
    }
  }

  /** `false` when the server says that it is too late. */
  const unlessOver = async (path: string, body: object): Promise<boolean> => {
    try {
      await command(path, body)
      return true
    } catch (error) {
      if (error instanceof StreamError && error.status === 409) return false
      throw error
    }
  }

  const asked = async (path: string): Promise<CommandAccepted> =>
    (await command(path, { clientRunId: environment.uuid() })) as CommandAccepted

  const input = (run: Run | undefined, resolution: InputResolution): Promise<boolean> =>
    run === undefined
      ? Promise.resolve(false)
      : unlessOver(`/runs/${encodeURIComponent(run.id)}/input`, resolution)

  const openRuns = (): readonly Run[] =>
    getConversation().runs.filter(({ status }) => status === 'queued' || status === 'running')

  return {
    async stop(runId) {
      const ids = runId === undefined ? openRuns().map(({ id }) => id) : [runId]
      const stopped = await Promise.all(
        ids.map((id) => unlessOver(`/runs/${encodeURIComponent(id)}/cancel`, {})),
      )
      return stopped.includes(true)
    },
    regenerate: (messageId) => asked(`/messages/${encodeURIComponent(messageId)}/regenerate`),
    continueRun: (runId) => asked(`/runs/${encodeURIComponent(runId)}/continue`),
    resolve(inputId, decision, value) {
      const run = openRuns().find(({ inputs }) => inputs.some((pending) => pending.inputId === inputId))
      return input(run, { inputId, decision, ...(value === undefined ? {} : { value }) })
    },
    steer(content, runId) {
      const run = openRuns().findLast(({ id }) => runId === undefined || id === runId)
      return input(run, { decision: 'steer', value: content })
    },
  }
}
