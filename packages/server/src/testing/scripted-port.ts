import { StreamError, type Draft, type Envelope, type Position } from '@throughline/protocol'
import type { RunBatch, RunPort } from '../runs/run-port.ts'

/** A log of one run that refuses repeats and gaps like the real one, and fails when it is told to. */
export interface ScriptedPort extends RunPort {
  readonly log: Draft[]
  readonly batches: RunBatch[]
  readonly signals: Draft[]
  renewals: number
  released: boolean
  /** Before each append, in order: fail instead of appending, or append and lose the answer. */
  script: ('down' | 'lost' | 'refused' | 'over' | 'hang')[]
  renewal: 'ok' | 'down' | 'over' | 'hang'
  tell(event: Partial<Envelope>): void
  readonly following: AbortSignal | undefined
}

const down = () => new StreamError('network_error', 'down')
const over = () => new StreamError('conflict', 'over')

export function createScriptedPort(): ScriptedPort {
  let listener: (event: Envelope) => void = () => undefined
  let following: AbortSignal | undefined
  let last = 0
  const port: ScriptedPort = {
    log: [],
    batches: [],
    signals: [],
    renewals: 0,
    released: false,
    script: [],
    renewal: 'ok',
    get following() {
      return following
    },
    async append(batch): Promise<Position> {
      port.batches.push(batch)
      const step = port.script.shift()
      if (step === 'down') throw down()
      if (step === 'over') throw over()
      if (step === 'refused') throw new StreamError('invalid_request', 'no')
      if (step === 'hang') await new Promise(() => undefined)
      if (batch.seq > last + 1) throw over()
      if (batch.seq === last + 1) {
        last = batch.seq
        port.log.push(...batch.drafts)
      }
      if (step === 'lost') throw down()
      return { epoch: 'e', offset: port.log.length }
    },
    signal: (draft) => port.signals.push(draft),
    async renew() {
      port.renewals += 1
      if (port.renewal === 'down') throw down()
      if (port.renewal === 'over') throw over()
      if (port.renewal === 'hang') await new Promise(() => undefined)
    },
    release: () => {
      port.released = true
      return Promise.resolve()
    },
    follow: (onEvent, signal) => {
      listener = onEvent
      following = signal
      return Promise.resolve()
    },
    tell: (event) => {
      listener({ sessionId: 's', timestamp: 1, type: 'note', data: null, runId: 'r', ...event })
    },
  }
  return port
}
