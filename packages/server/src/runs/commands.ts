import {
  StreamError,
  formatCursor,
  sessionTitle,
  type CommandAccepted,
  type ConversationState,
  type Draft,
  type InputResolution,
  type Message,
  type Position,
  type RunInput,
  type RunOptions,
  type SendMessage,
} from '@throughline/protocol'
import type { EventLog, SessionRecord } from '@throughline/log'
import type { Hub } from '../hub/hub.ts'
import { resolveInput, type InputApplied } from './inputs.ts'
import type { History } from './history.ts'
import { MAX_CLIENT_ID_LENGTH, commandProducer, runOf } from './names.ts'
import { terminalDraft } from './terminal.ts'

export interface CommandsOptions {
  readonly log: EventLog
  readonly hub: Pick<Hub, 'state'>
  readonly history: History
  readonly now: () => number
}

/** What a user tells a session. Each is one append; a command repeated under its client's id is done once. */
export interface Commands {
  send(session: SessionRecord, message: SendMessage): Promise<CommandAccepted>
  /** Answers the user's message behind `messageId` again, as a new branch. */
  regenerate(session: SessionRecord, messageId: string, again?: AskAgain): Promise<CommandAccepted>
  /** Goes on from what a run that did not complete left. */
  continueRun(session: SessionRecord, runId: string, again?: AskAgain): Promise<CommandAccepted>
  /** @throws StreamError `conflict` when it has ended, `not_found` */
  cancel(session: SessionRecord, runId: string): Promise<{ readonly runId: string; readonly cursor: string }>
  /** @throws StreamError `conflict` when it comes too late, `not_found` */
  input(session: SessionRecord, runId: string, resolution: InputResolution): Promise<InputApplied>
}

/** How an answer is asked for once more. */
export interface AskAgain {
  /** The caller's own name for the new run: asked for again, it is the same one. Default: a random one. */
  readonly clientRunId?: string | undefined
  readonly options?: RunOptions | undefined
}

interface Ask {
  readonly clientId: string
  readonly input: RunInput
  readonly drafts?: readonly Draft[]
  readonly title?: string
}

export function createCommands({ log, hub, history, now }: CommandsOptions): Commands {
  /** Writes what was said together with the run that answers it. */
  const ask = async (
    session: SessionRecord,
    { clientId, input, drafts = [], title }: Ask,
  ): Promise<Position> => {
    const runId = runOf(clientId)
    const time = now()
    if ((await log.driver.leases.active(session.id)).length >= MAX_WAITING_RUNS) throw tooManyRuns()
    const { kind, messageId, continueFrom } = input
    const queued = {
      type: 'run_queued',
      runId,
      data: { runId, kind, messageId, ...(continueFrom !== undefined && { continueFrom }) },
    }
    const appended = await log.append(session.id, [...drafts, queued], {
      producer: { producerId: commandProducer(clientId), producerSeq: 1 },
      enqueue: { sessionId: session.id, runId, userId: session.userId, input, queuedAt: time },
      session: { updatedAt: time, ...(title !== undefined && { title }) },
    })
    return appended.head
  }

  /** The first answer to a command that was given before. */
  const given = async (session: SessionRecord, clientId: string): Promise<Position | undefined> => {
    if (clientId.length > MAX_CLIENT_ID_LENGTH) {
      throw new StreamError(
        'invalid_request',
        `An id of yours has at most ${String(MAX_CLIENT_ID_LENGTH)} characters.`,
      )
    }
    return (await log.driver.producer(session.id, commandProducer(clientId)))?.head
  }

  const findMessage = async (state: ConversationState, messageId: string): Promise<Message | undefined> => {
    const held = state.messages.find((message) => message.id === messageId)
    return held ?? (state.hasOlder ? await history.find(state.sessionId, messageId) : undefined)
  }

  /** The user's message that a message answers. */
  const askedBy = async (state: ConversationState, messageId: string): Promise<Message> => {
    let message = await findMessage(state, messageId)
    for (let steps = 0; message?.role === 'assistant' && steps < MAX_STEPS; steps++) {
      message = message.parentId === null ? undefined : await findMessage(state, message.parentId)
    }
    if (message?.role !== 'user') throw new StreamError('not_found', 'There is no such message.')
    return message
  }

  /** Where a message hangs that does not say: under the newest. @throws `invalid_request`, `conflict` */
  const parentOf = async (session: SessionRecord, message: SendMessage): Promise<string | null> => {
    const state = await hub.state(session.id)
    if (state.messages.some(({ id }) => id === message.clientMessageId)) {
      throw new StreamError('conflict', 'Another message has this id: choose a new one.')
    }
    const { parentId } = message
    if (parentId === undefined) return state.messages.at(-1)?.id ?? null
    if (parentId === null || (await findMessage(state, parentId)) !== undefined) return parentId
    throw new StreamError('invalid_request', 'body.parentId must be a message of this session.')
  }

  return {
    async send(session, message) {
      const { clientMessageId, content, attachments, options } = message
      const accepted = (position: Position): CommandAccepted => ({
        messageId: clientMessageId,
        runId: runOf(clientMessageId),
        cursor: formatCursor(position),
      })
      const before = await given(session, clientMessageId)
      if (before !== undefined) return accepted(before)
      const parentId = await parentOf(session, message)
      const said = {
        type: 'user_message',
        messageId: clientMessageId,
        parentId,
        data: {
          messageId: clientMessageId,
          content,
          clientMessageId,
          ...(attachments !== undefined && { attachments }),
        },
      }
      const input: RunInput = {
        kind: 'message',
        messageId: clientMessageId,
        parentId: clientMessageId,
        ...(options !== undefined && { options }),
      }
      const untitled = !session.renamed && session.title === ''
      const title = untitled ? { title: sessionTitle(content) } : {}
      return accepted(await ask(session, { clientId: clientMessageId, input, drafts: [said], ...title }))
    },

    async regenerate(session, messageId, { clientRunId = crypto.randomUUID(), options } = {}) {
      const asked = await askedBy(await hub.state(session.id), messageId)
      const before = await given(session, clientRunId)
      const input: RunInput = {
        kind: 'regenerate',
        messageId: asked.id,
        parentId: asked.id,
        ...(options !== undefined && { options }),
      }
      const position = before ?? (await ask(session, { clientId: clientRunId, input }))
      return { messageId: asked.id, runId: runOf(clientRunId), cursor: formatCursor(position) }
    },

    async continueRun(session, runId, { clientRunId = crypto.randomUUID(), options } = {}) {
      const before = await given(session, clientRunId)
      const state = await hub.state(session.id)
      const run = state.runs.find(({ id }) => id === runId)
      const asked = run?.messageId
      if (run === undefined || asked === undefined || asked === null) throw noSuchRun()
      const answer = { messageId: asked, runId: runOf(clientRunId) }
      if (before !== undefined) return { ...answer, cursor: formatCursor(before) }
      if (run.endedAt === null)
        throw new StreamError('conflict', 'The run is still going: wait, or stop it first.')
      if (run.status === 'completed')
        throw new StreamError('conflict', 'The run completed: there is nothing to continue.')
      const partial = state.messages.findLast(
        (message) => message.runId === runId && message.role === 'assistant',
      )
      const input: RunInput = {
        kind: 'continue',
        messageId: asked,
        // Beside the partial answer, for the new one begins with its text.
        parentId: asked,
        ...(partial !== undefined && { continueFrom: partial.id }),
        ...(options !== undefined && { options }),
      }
      return { ...answer, cursor: formatCursor(await ask(session, { clientId: clientRunId, input })) }
    },

    async cancel(session, runId) {
      if ((await log.driver.leases.get(session.id, runId)) === undefined) throw noSuchRun()
      const end = terminalDraft({ runId, status: 'cancelled' })
      const appended = await log.append(session.id, [end], { endRun: runId, session: { updatedAt: now() } })
      return { runId, cursor: formatCursor(appended.head) }
    },

    async input(session, runId, resolution) {
      if ((await log.driver.leases.get(session.id, runId)) === undefined) throw noSuchRun()
      return await resolveInput({ log, state: await hub.state(session.id) }, runId, resolution)
    },
  }
}

/** Messages looked at on the way from an answer to its question; a chain of continued answers is short. */
const MAX_STEPS = 64

/** Runs of one session that may be queued at once. */
const MAX_WAITING_RUNS = 200

function tooManyRuns(): StreamError {
  return new StreamError(
    'rate_limited',
    'Too many questions wait here: let some be answered, or cancel them.',
    {
      status: 429,
      retryAfterMs: 5_000,
    },
  )
}

function noSuchRun(): StreamError {
  return new StreamError('not_found', 'There is no such run.')
}
