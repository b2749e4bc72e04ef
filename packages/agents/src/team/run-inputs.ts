import type { RunInputEvent, RunWriter } from '@throughline/server'

/** Steering that is kept until the next step; older words go first. */
const MAX_WAITING = 20
const MAX_STEER_LENGTH = 2_000

/** What a person says to a running team. */
export interface RunInputs {
  /** What was said since the last call ("also cover X"), oldest first. Asked at the borders between steps. */
  takeSteering(): readonly string[]
  /** Stops listening. */
  close(): void
}

/** Listens to the run's inputs until it ends. */
export function listenToInputs(writer: RunWriter): RunInputs {
  const waiting: string[] = []
  let open = true
  const listen = async () => {
    for await (const input of writer.inputs()) {
      // TypeScript takes `open` for true here; `close` may have been called during the wait.
      if (!isOpen()) return
      const said = steeringOf(input)
      if (said === undefined) continue
      waiting.push(said)
      if (waiting.length > MAX_WAITING) waiting.shift()
    }
  }
  const isOpen = () => open
  // Inputs that can no longer be read mean a run that is no longer ours: its writer says so itself.
  void listen().catch(() => undefined)
  return {
    takeSteering: () => waiting.splice(0),
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
