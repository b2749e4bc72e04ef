import { ID_PATTERN, StreamError, checkRunOptions, checkSendMessage } from '@throughline/protocol'
import { readJson, readOptionalJson } from '../body.ts'
import { readNumber } from '../query.ts'
import { json } from '../reply.ts'
import type { Route, UserCall } from '../route.ts'
import type { Services } from '../services.ts'
import type { AskAgain } from '../../runs/commands.ts'
import { fieldsOf } from '../../fields.ts'

/** PROTOCOL.md §5: what a message may weigh. */
const MESSAGE_BYTES = 262_144
const BODY_BYTES = 16_384
const MAX_PAGE = 200

/** Messages: older ones, new ones, and answers asked for again. */
export function messageRoutes({ access, commands, history }: Services): readonly Route[] {
  const sessionId = ({ params }: UserCall): string => params['sessionId'] ?? ''
  return [
    {
      method: 'GET',
      pattern: '/api/sessions/:sessionId/messages',
      access: 'user',
      async handle(call) {
        const { id } = await access.readable(call.identity, sessionId(call))
        const max = Number.MAX_SAFE_INTEGER
        const before = readNumber(call.query, 'before', { fallback: max, max })
        const limit = Math.max(1, readNumber(call.query, 'limit', { fallback: 50, max: MAX_PAGE }))
        return json(200, await history.before(id, before, limit))
      },
    },
    {
      method: 'POST',
      pattern: '/api/sessions/:sessionId/messages',
      access: 'user',
      async handle(call) {
        const session = await access.own(call.identity, sessionId(call))
        const message = checkSendMessage(await readJson(call.request, MESSAGE_BYTES))
        return json(202, await commands.send(session, message))
      },
    },
    {
      method: 'POST',
      pattern: '/api/sessions/:sessionId/messages/:messageId/regenerate',
      access: 'user',
      async handle(call) {
        const session = await access.own(call.identity, sessionId(call))
        const again = await readAskAgain(call)
        return json(202, await commands.regenerate(session, call.params['messageId'] ?? '', again))
      },
    },
    {
      method: 'POST',
      pattern: '/api/sessions/:sessionId/runs/:runId/continue',
      access: 'user',
      async handle(call) {
        const session = await access.own(call.identity, sessionId(call))
        const again = await readAskAgain(call)
        return json(202, await commands.continueRun(session, call.params['runId'] ?? '', again))
      },
    },
  ]
}

/** What the caller wants of the run, and its own name for it: in the body, or as `Idempotency-Key`. */
async function readAskAgain({ request }: UserCall): Promise<AskAgain> {
  const body = await readOptionalJson(request, BODY_BYTES)
  const { options } = checkRunOptions(body)
  const id = fieldsOf(body)['clientRunId'] ?? request.header('idempotency-key')
  if (id === undefined) return { options }
  if (typeof id === 'string' && ID_PATTERN.test(id)) return { clientRunId: id, options }
  throw new StreamError('invalid_request', 'clientRunId must be 1 to 56 of A–Z a–z 0–9 _ -.')
}
