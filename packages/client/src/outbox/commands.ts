import { StreamError } from '@throughline/protocol'
import type { CommandAccepted, Message, Run, RunOptions } from '@throughline/protocol'
import type { Environment } from '../environment.ts'
import type { Send } from '../rest/request.ts'
import type { SendOptions } from '../session/session.ts'
import type { OutgoingMessage, SessionSnapshot } from '../session/snapshot.ts'
import type { CommandRecord, OutboxEntry, SendCommand } from './command.ts'
import { deliver } from './deliver.ts'
import { createOutbox } from './outbox.ts'
import type { Outbox } from './outbox.ts'

export interface CommandsOptions {
  readonly sessionId: string
  readonly environment: Environment
  readonly send: Send
  readonly getSnapshot: () => SessionSnapshot
  /** A new branch begins at the place of this message: it is to be shown, whatever was chosen there. */
  readonly onBranch: (place: Pick<Message, 'role' | 'parentId'>) => void
  readonly onChange: (urgent: boolean) => void
  /** What other tabs know of these commands; `undefined` where there is nothing that tabs share. */
  readonly record: () => CommandRecord | undefined
}

/** What a person can tell a session. */
export interface Commands extends Pick<
  Outbox,
  'entries' | 'discard' | 'restore' | 'wake' | 'clear' | 'close'
> {
  /** Messages that are not in the conversation yet. */
  readonly outgoing: readonly OutgoingMessage[]
  /** Lets go of messages that have arrived in the conversation. */
  arrived(has: (messageId: string) => boolean): void
  send(message: SendOptions): Promise<CommandAccepted>
  retry(id: string): Promise<CommandAccepted>
  stop(runId?: string): Promise<boolean>
  regenerate(messageId: string, options?: RunOptions): Promise<CommandAccepted>
  edit(messageId: string, content: string, options?: RunOptions): Promise<CommandAccepted>
  continueRun(runId: string, options?: RunOptions): Promise<CommandAccepted>
  resolve(inputId: string, decision: string, value?: unknown): Promise<boolean>
  steer(content: string, runId?: string): Promise<boolean>
}

export function createCommands(options: CommandsOptions): Commands {
  const { sessionId, environment, send, getSnapshot, onBranch, onChange, record } = options
  const shown = new Set<string>()
  let outgoing: readonly OutgoingMessage[] = []

  const list = (): void => {
    outgoing = outbox.entries.flatMap((entry) =>
      entry.command.kind === 'send' && !shown.has(entry.id) ? [outgoingOf(entry, entry.command)] : [],
    )
    for (const id of shown) if (!outbox.entries.some((entry) => entry.id === id)) shown.delete(id)
  }
  const outbox = createOutbox({
    environment,
    deliver: (entry) => deliver(send, sessionId, entry),
    begin: async (entry) => (await record()?.begin(entry)) ?? true,
    retract: async (id) => (await record()?.retract(id)) ?? true,
    onChange(urgent) {
      list()
      onChange(urgent)
    },
  })

  const find = (messageId: string): Message | undefined =>
    getSnapshot().messages.find(({ id }) => id === messageId)
  const openRuns = (): readonly Run[] =>
    getSnapshot().conversation.runs.filter(({ status }) => status === 'queued' || status === 'running')

  /** What begins something is refused or accepted, never too late. */
  const begin = async (given: Promise<CommandAccepted | undefined>): Promise<CommandAccepted> => {
    const accepted = await given
    if (accepted === undefined) throw new StreamError('conflict', 'It came too late.')
    return accepted
  }
  const inTime = async (given: Promise<CommandAccepted | undefined>): Promise<boolean> =>
    (await given) !== undefined

  const commands: Commands = {
    ...outbox,
    get entries() {
      return outbox.entries
    },
    get outgoing() {
      return outgoing
    },
    arrived(has) {
      const arrived = outgoing.filter(({ id }) => has(id))
      if (arrived.length === 0) return
      for (const { id } of arrived) shown.add(id)
      list()
    },
    send({ content, attachments = [], parentId, options }) {
      const { branch, loaded } = getSnapshot()
      const last = branch.at(-1)?.id ?? (loaded ? null : undefined)
      const place = parentId === undefined ? last : parentId
      onBranch({ role: 'user', parentId: place ?? null })
      const command: SendCommand = { kind: 'send', content, attachments, ...(options && { options }) }
      return begin(
        outbox.add(environment.uuid(), place === undefined ? command : { ...command, parentId: place }),
      )
    },
    retry: (id) => begin(outbox.retry(id)),
    async stop(runId) {
      const ids = runId === undefined ? openRuns().map(({ id }) => id) : [runId]
      const stopped = await Promise.all(
        ids.map((id) => inTime(outbox.add(environment.uuid(), { kind: 'stop', runId: id }))),
      )
      return stopped.includes(true)
    },
    regenerate(messageId, options) {
      const replaced = find(messageId)
      if (replaced !== undefined) onBranch(replaced)
      return begin(
        outbox.add(environment.uuid(), { kind: 'regenerate', messageId, ...(options && { options }) }),
      )
    },
    edit(messageId, content, options) {
      const edited = find(messageId)
      if (edited?.role !== 'user')
        return Promise.reject(
          new StreamError('not_found', 'Only a message that a person wrote can be edited.'),
        )
      const { parentId, attachments } = edited
      return commands.send({ content, parentId, attachments, ...(options && { options }) })
    },
    continueRun: (runId, options) =>
      begin(outbox.add(environment.uuid(), { kind: 'continue', runId, ...(options && { options }) })),
    resolve(inputId, decision, value) {
      const run = openRuns().find(({ inputs }) => inputs.some((pending) => pending.inputId === inputId))
      if (run === undefined) return Promise.resolve(false)
      const command = { kind: 'resolve', runId: run.id, inputId, decision } as const
      return inTime(outbox.add(environment.uuid(), value === undefined ? command : { ...command, value }))
    },
    steer(content, runId) {
      const run = openRuns().findLast(({ id }) => runId === undefined || id === runId)
      if (run === undefined) return Promise.resolve(false)
      return inTime(outbox.add(environment.uuid(), { kind: 'steer', runId: run.id, content }))
    },
  }
  return commands
}

const shownAs = new WeakMap<OutboxEntry, OutgoingMessage>()

/** A message as it is shown on its way; the same object for the same entry. */
function outgoingOf(entry: OutboxEntry, { content, parentId, attachments }: SendCommand): OutgoingMessage {
  const { id, createdAt, state, error } = entry
  const known = shownAs.get(entry)
  if (known !== undefined) return known
  const message: OutgoingMessage = {
    id,
    content,
    ...(parentId === undefined ? {} : { parentId }),
    attachments,
    createdAt,
    state: state === 'rejected' ? 'failed' : 'sending',
    error: state === 'rejected' ? error : null,
  }
  shownAs.set(entry, message)
  return message
}
