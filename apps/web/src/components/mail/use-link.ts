'use client'

import type { StreamError } from '@throughline/protocol'
import { useState } from 'react'
import { useApi } from '@/api/request'
import { useTask } from '../account/use-task'
import { useLinkSecret } from './use-link-secret'

export interface LinkUse {
  /** Whether the page is alive: what is typed into what the server wrote would be lost. */
  readonly ready: boolean
  readonly busy: boolean
  readonly problem: string | undefined
  /** The link was used, has expired, or was never whole. */
  readonly dead: boolean
  /** A guest is here who has conversations: what becomes of them is to be said. */
  readonly asksGuest: boolean
  use(password: string, guestSessions: 'move' | 'delete'): Promise<void>
}

/** Uses a mailed link, at a click: what only follows links, as mail scanners do, uses none. */
export function useLink(path: string, explain: (error: StreamError) => string | undefined): LinkUse {
  const api = useApi()
  const token = useLinkSecret()
  const [dead, setDead] = useState(false)
  const [asksGuest, setAsksGuest] = useState(false)
  const { busy, problem, run } = useTask()
  const say = (error: StreamError): string | undefined => {
    if (error.status === 404) setDead(true)
    if (error.status === 409) setAsksGuest(true)
    return explain(error)
  }
  return {
    ready: token !== undefined,
    busy,
    problem,
    dead: dead || token === '',
    asksGuest,
    async use(password, guestSessions) {
      const json = { token, password, ...(asksGuest && { guestSessions }) }
      const done = await run(() => api(path, { method: 'POST', json, renew: false }), say)
      // A new page: nothing of whoever was here before is left in memory, and nothing of the link in the history.
      if (done) location.replace('/')
    },
  }
}
