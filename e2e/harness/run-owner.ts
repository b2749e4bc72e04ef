import type { ClaimedRun, CommandAccepted, Envelope } from '@throughline/protocol'
import type { ApiUser } from './api.ts'
import { createProducer, type Producer } from './producer.ts'

/** Asks something in a session. */
export function ask(user: ApiUser, sessionId: string, clientMessageId = 'm1'): Promise<CommandAccepted> {
  return user.json('POST', `/api/sessions/${sessionId}/messages`, { content: 'Say words', clientMessageId })
}

/** Takes the next queued run; `undefined` when there is none. */
export async function claim(user: ApiUser, owner = 'owner'): Promise<ClaimedRun | undefined> {
  const answer = await user.request('POST', '/api/runs/claim', { owner })
  if (answer.status === 204) return undefined
  if (!answer.ok) throw new Error(`claim: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as ClaimedRun
}

/** Takes the next queued run, which there is. */
export async function claimOne(user: ApiUser, owner?: string): Promise<ClaimedRun> {
  const run = await claim(user, owner)
  if (run === undefined) throw new Error('no run was queued')
  return run
}

/** Writes for a run under its fence. */
export function ownerOf(user: ApiUser, run: ClaimedRun, url = user.url): Producer {
  const { sessionId, runId, fence } = run
  return createProducer(user, sessionId, { id: `w_${runId}`, url, run: { runId, fence } })
}

/** The start of an answer to a run's message. */
export function beginAnswer({ runId, input }: ClaimedRun) {
  const messageId = `a_${runId}`
  const scope = { runId, messageId, parentId: input.parentId }
  return [{ type: 'message_started', data: { messageId, role: 'assistant' }, ...scope }]
}

/** The next words of an answer. */
export function words({ runId }: ClaimedRun, content: string) {
  const messageId = `a_${runId}`
  return [{ type: 'message_chunk', data: { messageId, content, isComplete: false }, runId, messageId }]
}

/** The end of a run that went well. */
export function completed({ runId }: ClaimedRun) {
  return [{ type: 'run_completed', data: { runId, status: 'completed' }, runId }]
}

/** How a run ended, as often as the log says so. */
export function endsOf(log: readonly Envelope[], runId: string): string[] {
  return log
    .filter((event) => event.type === 'run_completed' && event.runId === runId)
    .map(({ data }) => (data as { status: string }).status)
}
