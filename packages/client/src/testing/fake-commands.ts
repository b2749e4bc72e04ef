import { REDUCER_VERSION, windowConversation } from '@throughline/protocol'
import type { ConversationState, SessionSummary } from '@throughline/protocol'
import { nextTurn } from './fake-clock.ts'
import type { FakeHub, FakeRequest } from './fake-hub.ts'
import type { FakeStream } from './fake-stream.ts'

/** Longest wait of a long-poll, in turns of the event loop: a test's clock does not run here. */
const POLL_TURNS = 2

/** Answers what is not a stream. PROTOCOL.md §5. */
export async function answerCommand(hub: FakeHub, request: FakeRequest): Promise<Response> {
  const { method, path } = request
  const [, api, area, id, kind, target, verb] = path.split('/')
  if (api !== 'api') return problem(404, 'not_found')
  if (area === 'auth') return answerAuth(id ?? '')
  if (area !== 'sessions') return problem(404, 'not_found')
  if (id === undefined) return method === 'POST' ? create(hub, request) : list(hub, request)
  if (method === 'PUT') return json(200, summary(hub.stream(id)))
  const stream = kind === 'updates' ? hub.stream(id) : hub.streams.get(id)
  if (stream === undefined) return problem(404, 'not_found')
  if (stream.deleted && kind !== 'restore') return problem(410, 'stream_closed')
  switch (`${method} ${kind ?? ''}`) {
    case 'GET ':
      return json(200, {
        session: summary(stream),
        reducerVersion: REDUCER_VERSION,
        state: windowConversation(stream.state),
        cursor: stream.cursor,
      })
    case 'PATCH ':
      hub.append(id, { type: 'session_updated', data: fields(request.body) })
      return json(200, summary(stream))
    case 'DELETE ':
      stream.deleted = true
      hub.control(id, 'session_closed', { code: 'session_expired' })
      return new Response(null, { status: 204 })
    case 'POST restore':
      stream.deleted = false
      return json(200, summary(stream))
    case 'GET updates':
      return updates(hub, stream, request)
    case 'GET messages':
      return messages(stream.state, Number(request.query.get('before')))
    case 'POST messages':
      return target === undefined ? send(hub, stream, request) : ask(hub, stream, 'regenerate', target)
    case 'POST runs':
      return verb === 'continue'
        ? ask(hub, stream, 'continue', target ?? '')
        : steer(hub, stream, target ?? '', verb ?? '')
    default:
      return problem(405, 'invalid_request')
  }
}

function send(hub: FakeHub, stream: FakeStream, { body }: FakeRequest): Response {
  const { content, clientMessageId, parentId } = fields(body)
  const messageId = String(clientMessageId)
  const runId = `run-${messageId}`
  if (!stream.state.messages.some(({ id }) => id === messageId)) {
    const parent = typeof parentId === 'string' ? parentId : (stream.state.messages.at(-1)?.id ?? null)
    hub.append(stream.sessionId, {
      type: 'user_message',
      data: { messageId, content: String(content), clientMessageId: messageId },
      parentId: parentId === null ? null : parent,
      runId,
    })
    hub.append(stream.sessionId, { type: 'run_queued', data: { runId, kind: 'message', messageId }, runId })
  }
  return json(202, { messageId, runId, cursor: stream.cursor })
}

function ask(hub: FakeHub, stream: FakeStream, kind: 'regenerate' | 'continue', of: string): Response {
  const runId = `run-${kind}-${of}-${String(stream.state.runs.length)}`
  const messageId = stream.state.messages.find(({ id }) => id === of)?.parentId ?? of
  hub.append(stream.sessionId, { type: 'run_queued', data: { runId, kind, messageId }, runId })
  return json(202, { messageId, runId, cursor: stream.cursor })
}

function steer(hub: FakeHub, stream: FakeStream, runId: string, verb: string): Response {
  const run = stream.state.runs.find(({ id }) => id === runId)
  if (run === undefined) return problem(404, 'not_found')
  if (run.endOffset !== null) return problem(409, 'conflict')
  if (verb === 'cancel')
    hub.append(stream.sessionId, { type: 'run_completed', data: { runId, status: 'cancelled' }, runId })
  return json(202, { cursor: stream.cursor })
}

async function updates(hub: FakeHub, stream: FakeStream, { query }: FakeRequest): Promise<Response> {
  const [epoch = '', offset = ''] = (query.get('after') ?? '').split('-')
  const after = { epoch, offset: Number(offset) }
  let events = stream.after(after)
  for (let turn = 0; events?.length === 0 && query.has('wait') && turn < POLL_TURNS; turn++) {
    await new Promise<void>(nextTurn)
    events = stream.after(after)
  }
  const cursor = stream.cursor
  if (events !== undefined) return json(200, { events, cursor, closed: stream.deleted })
  const parts = stream.snapshot(hub.now())
  const state = parts.map(({ data }) => data.state).join('')
  const reset = query.has('after') ? { reset: { reason: 'epoch', head: cursor } } : {}
  const snapshot = { reducerVersion: parts[0]?.data.reducerVersion, state, cursor }
  return json(200, { events: [], cursor, closed: stream.deleted, snapshot, ...reset })
}

function messages(state: ConversationState, before: number): Response {
  const older = state.messages.filter(({ offset }) => offset < before)
  const page = older.slice(-50)
  return json(200, { messages: page, ...(page.length < older.length ? { before: page[0]?.offset } : {}) })
}

function create(hub: FakeHub, { body }: FakeRequest): Response {
  const stream = hub.stream(`session-${String(hub.streams.size + 1)}`)
  const { title } = fields(body)
  if (typeof title === 'string') hub.append(stream.sessionId, { type: 'session_updated', data: { title } })
  return json(201, summary(stream))
}

function list(hub: FakeHub, { query }: FakeRequest): Response {
  const search = (query.get('search') ?? '').toLowerCase()
  const sessions = [...hub.streams.values()].filter(({ deleted }) => !deleted).map(summary)
  const found = sessions.filter(({ title }) => title.toLowerCase().includes(search))
  return json(200, { sessions: found.sort((a, b) => b.updatedAt - a.updatedAt) })
}

function summary({ sessionId, createdAt, state }: FakeStream): SessionSummary {
  const active = state.runs.some(({ endOffset }) => endOffset === null)
  const { title, archived, updatedAt } = state
  return { id: sessionId, title, archived, createdAt, updatedAt: updatedAt || createdAt, active }
}

function answerAuth(what: string): Response {
  if (what === 'guest' || what === 'me') {
    return json(200, { userId: 'user-1', guest: true, name: 'Guest', expiresAt: Number.MAX_SAFE_INTEGER })
  }
  return what === 'refresh' || what === 'sign-out'
    ? new Response(null, { status: 204 })
    : problem(404, 'not_found')
}

function fields(body: unknown): Readonly<Record<string, unknown>> {
  return typeof body === 'object' && body !== null ? { ...body } : {}
}

function json(status: number, body: unknown): Response {
  return Response.json(body, { status })
}

function problem(status: number, code: string): Response {
  const body = JSON.stringify({ title: code, status, code })
  return new Response(body, { status, headers: { 'content-type': 'application/problem+json' } })
}
