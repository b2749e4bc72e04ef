import type { SessionsApi } from './api.ts'
import { createSender } from './request.ts'
import type { Send, SenderOptions } from './request.ts'
import { createSessionsApi } from './sessions-api.ts'

/** What is asked of a hub by requests of their own: one part of the code, loaded at need. */
export interface Rest {
  readonly send: Send
  readonly sessions: SessionsApi
}

export function createRest(options: SenderOptions): Rest {
  const send = createSender(options)
  return { send, sessions: createSessionsApi(send) }
}
