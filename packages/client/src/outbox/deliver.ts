import type { CommandAccepted } from '@throughline/protocol'
import type { Send } from '../rest/request.ts'
import { sessionPath } from '../rest/sessions-api.ts'
import type { OutboxEntry } from './command.ts'

/** Sends one command of a session under its id. @throws StreamError */
export async function deliver(send: Send, sessionId: string, entry: OutboxEntry): Promise<CommandAccepted> {
  const [path, body] = requestOf(entry)
  return (await send('POST', sessionPath(sessionId, path), { body })) as CommandAccepted
}

/** PROTOCOL.md §5. */
function requestOf({ id, command }: OutboxEntry): readonly [path: string, body: object] {
  switch (command.kind) {
    case 'send': {
      const { content, parentId, attachments, options } = command
      const place = parentId === undefined ? {} : { parentId }
      return [
        '/messages',
        {
          content,
          clientMessageId: id,
          ...place,
          ...(attachments.length === 0 ? {} : { attachments }),
          ...(options && { options }),
        },
      ]
    }
    case 'regenerate':
      return [
        `/messages/${encodeURIComponent(command.messageId)}/regenerate`,
        { clientRunId: id, ...(command.options && { options: command.options }) },
      ]
    case 'continue':
      return [
        runPath(command.runId, 'continue'),
        { clientRunId: id, ...(command.options && { options: command.options }) },
      ]
    case 'stop':
      return [runPath(command.runId, 'cancel'), {}]
    case 'resolve': {
      const { inputId, decision, value } = command
      return [
        runPath(command.runId, 'input'),
        { inputId, decision, ...(value === undefined ? {} : { value }) },
      ]
    }
    case 'steer':
      return [runPath(command.runId, 'input'), { inputId: id, decision: 'steer', value: command.content }]
  }
}

function runPath(runId: string, verb: string): string {
  return `/runs/${encodeURIComponent(runId)}/${verb}`
}
