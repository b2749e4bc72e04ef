'use client'

import { StreamError } from '@throughline/protocol'
import { createStreamClient, type StreamClient } from '@throughline/client'
import { useEffect, useState } from 'react'
import { askOpenly } from '@/api/request'

/** What a link led to. */
export type OpenedShare =
  | { readonly state: 'opening' | 'gone' | 'unreachable' }
  | { readonly state: 'open'; readonly sessionId: string; readonly client: StreamClient }

/** Exchanges the secret behind the `#` for the cookie that reads, and makes a client that does nothing else. */
export function useOpenedShare(shareId: string): OpenedShare {
  const [share, setShare] = useState<OpenedShare>({ state: 'opening' })
  useEffect(() => {
    const closing = new AbortController()
    const path = `/api/shares/${encodeURIComponent(shareId)}`
    const made: { client?: StreamClient } = {}
    const open = async (): Promise<void> => {
      const secret = location.hash.slice(1)
      const opened = await askOpenly(`${path}/open`, {
        method: 'POST',
        json: { secret },
        signal: closing.signal,
      })
      const { sessionId } = opened as { readonly sessionId: string }
      // A reader is nobody: nothing is shared with the tabs of somebody, and nothing kept.
      made.client = createStreamClient({ baseUrl: path, share: 'off', local: 'off' })
      setShare({ state: 'open', sessionId, client: made.client })
    }
    open().catch((error: unknown) => {
      if (closing.signal.aborted) return
      const gone = error instanceof StreamError && error.status === 404
      setShare({ state: gone ? 'gone' : 'unreachable' })
    })
    return () => {
      closing.abort()
      made.client?.close()
    }
  }, [shareId])
  return share
}
