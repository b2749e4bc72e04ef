import type { OwnedRun, RunInputEvent } from '@throughline/server'

/** Steering that is kept until the next step; older words go first. */
const MAX_WAITING = 20
const MAX_STEER_LENGTH = 2_000

/** What a person says to a running team. */
export interface RunInputs {
  /** What was said since the last call ("also cover X"), oldest first. Asked at the borders between steps. */
  takeSteering(): readonly string[]
  /** The answer to a request, also one that came before this team took the run. @throws the signal's reason */
  answerTo(inputId: string, signal: AbortSignal): Promise<RunInputEvent>
  /** Stops listening. */
  close(): void
}

/** Listens to the run's inputs until it ends, beginning with those that the conversation holds already. */
export function listenToInputs({ runId, writer, conversation }: OwnedRun): RunInputs {
  const waiting: string[] = []
  const answers = new Map<string, RunInputEvent>()
  const asking = new Map<string, (answer: RunInputEvent) => void>()
  const seen = new Set<string>()
  let open = true

  const take = (input: RunInputEvent) => {
    // What the conversation holds may come by once more.
    if (seen.has(input.inputId)) return
    seen.add(input.inputId)
    const said = steeringOf(input)
    if (said !== undefined) {
      waiting.push(said)
      if (waiting.length > MAX_WAITING) waiting.shift()
      return
    }
    answers.set(input.inputId, input)
    asking.get(input.inputId)?.(input)
  }
  const listen = async () => {
    for await (const input of writer.inputs()) {
      // TypeScript takes `open` for true here; `close` may have been called during the wait.
      if (!isOpen()) return
      take(input)
    }
  }
  const isOpen = () => open

  for (const answer of conversation.runs.find((run) => run.id === runId)?.answers ?? []) take(answer)
  // Inputs that can no longer be read mean a run that is no longer ours: its writer says so itself.
  void listen().catch(() => undefined)
  return {
    takeSteering: () => waiting.splice(0),
    answerTo: (inputId, signal) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted()
        const given = answers.get(inputId)
        if (given !== undefined) {
          resolve(given)
          return
        }
        const onAbort = () => {
          asking.delete(inputId)
          reject(signal.reason instanceof Error ? signal.reason : new Error('The wait was aborted.'))
        }
        signal.addEventListener('abort', onAbort, { once: true })
        asking.set(inputId, (answer) => {
          asking.delete(inputId)
          signal.removeEventListener('abort', onAbort)
          resolve(answer)
        })
      }),
    close: () => {
      open = false
    },
  }
}

/** The words of a steering input; `undefined` for anything else. */
function steeringOf(input: RunInputEvent): string | undefined {
  if (input.kind !== 'steer') return undefined
  const { value } = input
  const content = typeof value === 'object' && value !== null && 'content' in value ? value.content : value
  const said = typeof content === 'string' ? content.trim().slice(0, MAX_STEER_LENGTH) : ''
  return said === '' ? undefined : said
}
