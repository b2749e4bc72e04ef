import { checkInputResolution } from '@throughline/protocol'
import { readJson, readOptionalJson } from '../body.ts'
import { json } from '../reply.ts'
import type { Route, UserCall } from '../route.ts'
import type { Services } from '../services.ts'

const BODY_BYTES = 262_144

/** What a person tells a run: stop, a decision, a word. Leaving the page tells it nothing. */
export function runRoutes({ access, commands }: Services): readonly Route[] {
  const sessionId = ({ params }: UserCall): string => params['sessionId'] ?? ''
  const runId = ({ params }: UserCall): string => params['runId'] ?? ''
  return [
    {
      method: 'POST',
      pattern: '/api/sessions/:sessionId/runs/:runId/cancel',
      access: 'user',
      async handle(call) {
        const session = await access.own(call.identity, sessionId(call))
        await readOptionalJson(call.request, BODY_BYTES)
        return json(202, await commands.cancel(session, runId(call)))
      },
    },
    {
      method: 'POST',
      pattern: '/api/sessions/:sessionId/runs/:runId/input',
      access: 'user',
      async handle(call) {
        const session = await access.own(call.identity, sessionId(call))
        const resolution = checkInputResolution(await readJson(call.request, BODY_BYTES))
        return json(202, await commands.input(session, runId(call), resolution))
      },
    },
  ]
}
