import {
  StreamError,
  formatCursor,
  isEvent,
  type ConversationState,
  type Draft,
  type InputResolution,
  type Position,
} from '@throughline/protocol'
import { openEnvelope, type EventLog } from '@throughline/log'
import { inputProducer } from './names.ts'
import { fieldsOf } from '../fields.ts'

/** A word that reached a running team, and where in the stream. */
export interface InputApplied {
  readonly inputId: string
  readonly cursor: string
}

export interface InputContext {
  readonly log: EventLog
  /** Of the session, at its head a moment ago. */
  readonly state: ConversationState
}

/**
 * Answers a request of a run, or steers it. The first answer to a request counts; a repeat of it, and of a steering word
 * that came with an id, is told where it stands. @throws StreamError `conflict` when the run has ended or the request was answered otherwise
 */
export async function resolveInput(
  { log, state }: InputContext,
  runId: string,
  resolution: InputResolution,
): Promise<InputApplied> {
  const { decision, value } = resolution
  const run = state.runs.find(({ id }) => id === runId)
  const pending = run?.inputs.find(({ inputId }) => inputId === resolution.inputId)
  const inputId = resolution.inputId ?? crypto.randomUUID()
  const data = { inputId, kind: pending?.kind ?? 'steer', decision, ...(value !== undefined && { value }) }
  const draft = { type: 'input_resolved', runId, data }

  if (resolution.inputId === undefined) return await applySteering(log, state.sessionId, draft, inputId)

  const producerId = await inputProducer(runId, inputId)
  const before = await log.driver.producer(state.sessionId, producerId)
  if (before !== undefined) return await sameAnswer(log, state.sessionId, before.head, draft)
  if (pending === undefined && decision !== 'steer') throw tooLate()
  const from = await activeHead(log, state.sessionId, runId)
  const appended = await log.append(state.sessionId, [draft], { producer: { producerId, producerSeq: 1 } })
  if (appended.repeated) return await sameAnswer(log, state.sessionId, appended.head, draft)
  await requireBeforeEnd(log, state.sessionId, { runId, from, to: appended.head })
  return { inputId, cursor: formatCursor(appended.head) }
}

async function applySteering(
  log: EventLog,
  sessionId: string,
  draft: Draft,
  inputId: string,
): Promise<InputApplied> {
  const runId = draft.runId ?? ''
  const from = await activeHead(log, sessionId, runId)
  const { head } = await log.append(sessionId, [draft])
  await requireBeforeEnd(log, sessionId, { runId, from, to: head })
  return { inputId, cursor: formatCursor(head) }
}

/** The head, at which the run was not over yet. @throws `conflict` */
async function activeHead(log: EventLog, sessionId: string, runId: string): Promise<Position> {
  const head = await log.head(sessionId)
  const lease = await log.driver.leases.get(sessionId, runId)
  if (lease === undefined || lease.phase === 'ended') throw tooLate()
  return head
}

/** The run may have ended between the look and the append: then the word is in the log and reached nobody. */
async function requireBeforeEnd(
  log: EventLog,
  sessionId: string,
  { runId, from, to }: { runId: string; from: Position; to: Position },
): Promise<void> {
  for (let at = from; at.offset < to.offset - 1;) {
    const page = await log.read(sessionId, at)
    const between = page.events.filter((event) => event.offset < to.offset)
    for (const event of between) {
      if (event.type === 'run_completed' && openEnvelope(event, page.epoch).runId === runId) throw tooLate()
    }
    const last = between.at(-1)
    if (last === undefined) return
    at = { epoch: page.epoch, offset: last.offset }
  }
}

/** The place of the answer that counts, when it says the same. @throws `conflict` */
async function sameAnswer(
  log: EventLog,
  sessionId: string,
  head: Position,
  draft: Draft,
): Promise<InputApplied> {
  const page = await log.read(sessionId, { ...head, offset: head.offset - 1 }, { maxEvents: 1 })
  const event = page.events.map((stored) => openEnvelope(stored, page.epoch)).at(0)
  const counts = event !== undefined && isEvent(event, 'input_resolved') ? event.data : undefined
  const { decision, value } = fieldsOf(draft.data)
  const same = counts?.decision === decision && JSON.stringify(counts?.value) === JSON.stringify(value)
  if (counts === undefined || !same) throw new StreamError('conflict', 'This was answered already.')
  return { inputId: counts.inputId, cursor: formatCursor(head) }
}

function tooLate(): StreamError {
  return new StreamError('conflict', 'Too late: the run has ended or no longer waits for this.')
}
