import type { ConnectionView } from '@throughline/client'

/** What keeps news from coming as they happen. */
export type Trouble =
  'connecting' | 'reconnecting' | 'offline' | 'polling' | 'signed_out' | 'other_tab' | 'failed'

/** What a person should know about a connection; `undefined` when there is nothing. */
export function troubleOf({
  status,
  code,
  reasons,
  attempt,
  transport,
}: ConnectionView): Trouble | undefined {
  switch (status) {
    case 'offline':
      return 'offline'
    case 'failed':
      return code === 'auth_error' ? 'signed_out' : 'failed'
    case 'waiting':
      return 'reconnecting'
    case 'connecting':
    case 'authenticating':
      return attempt > 0 ? 'reconnecting' : 'connecting'
    case 'paused':
      if (reasons.includes('auth')) return 'signed_out'
      return reasons.includes('tabs') ? 'other_tab' : undefined
    case 'open':
      return transport === 'polling' ? 'polling' : undefined
    case 'idle':
    case 'resyncing':
    case 'ended':
    case 'closed':
      return undefined
  }
}
