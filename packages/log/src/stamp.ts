import { StreamError, type Draft, type Envelope } from '@throughline/protocol'
import type { StoredDraft } from './log-driver.ts'

/** Gives drafts their time and session. */
export interface Stamp {
  envelope(stream: string, draft: Draft): Envelope
  /** Serialised once, here: nobody between this and the reader parses it. */
  stored(stream: string, draft: Draft): StoredDraft
}

/** A stamp whose time never goes back within this process, whatever the clock does. */
export function createStamp(now: () => number): Stamp {
  let last = 0
  const tick = (): number => (last = Math.max(last, now()))
  return {
    envelope: (stream, draft) => openDraft(stream, draft, tick()),
    stored: (stream, draft) => ({ type: draft.type, body: serialise(stream, draft, tick()) }),
  }
}

function openDraft(sessionId: string, draft: Draft, timestamp: number): Envelope {
  const { type, data, runId, agentId, messageId, parentId } = draft
  return {
    type,
    data: data === undefined ? null : data,
    timestamp,
    sessionId,
    ...(runId !== undefined && { runId }),
    ...(agentId !== undefined && { agentId }),
    ...(messageId !== undefined && { messageId }),
    ...(parentId !== undefined && { parentId }),
  }
}

/** The fields in the order of the wire (PROTOCOL.md §2); by hand, for this is on the path of every event. */
function serialise(sessionId: string, draft: Draft, timestamp: number): string {
  const { type, runId, agentId, messageId, parentId } = draft
  let body = `{"type":${quote(type)},"data":${dataText(draft)},"timestamp":${String(timestamp)},"sessionId":${quote(sessionId)}`
  if (runId !== undefined) body += `,"runId":${quote(runId)}`
  if (agentId !== undefined) body += `,"agentId":${quote(agentId)}`
  if (messageId !== undefined) body += `,"messageId":${quote(messageId)}`
  if (parentId !== undefined) body += `,"parentId":${parentId === null ? 'null' : quote(parentId)}`
  return `${body}}`
}

const PLAIN = /^[\w-]*$/

/** Types and ids are plain, and need a third of the time. */
function quote(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text)
}

/** Its own types leave out that some values have no JSON. */
const toJson = (value: unknown): string | undefined => JSON.stringify(value)

function dataText({ type, data }: Draft): string {
  try {
    // What JSON leaves out, a function or `undefined`, is null here: an event has data.
    return toJson(data) ?? 'null'
  } catch (cause) {
    throw new StreamError('invalid_request', `The data of "${type}" cannot be written as JSON.`, { cause })
  }
}
