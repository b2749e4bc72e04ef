'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useApi } from '@/api/request'

/** A link as its owner sees it. */
export interface Share {
  readonly id: string
  readonly createdAt: number
  /** `null`: until it is revoked. */
  readonly expiresAt: number | null
}

export interface NewShare extends Share {
  readonly secret: string
}

/** The links of a conversation. */
export function useShares(sessionId: string) {
  const api = useApi()
  const queries = useQueryClient()
  const queryKey = ['shares', sessionId]
  const path = `/api/sessions/${encodeURIComponent(sessionId)}/shares`
  const { data, error } = useQuery({
    queryKey,
    queryFn: async () => ((await api(path)) as { readonly shares: readonly Share[] }).shares,
  })
  const changed = () => queries.invalidateQueries({ queryKey })
  return {
    shares: data,
    error,
    async create(expiresInMs: number | null): Promise<NewShare> {
      const share = (await api(path, { method: 'POST', json: { expiresInMs } })) as NewShare
      await changed()
      return share
    },
    async revoke(id: string): Promise<void> {
      await api(`${path}/${encodeURIComponent(id)}`, { method: 'DELETE' })
      await changed()
    },
  }
}

/** What is passed on: the secret stands behind the `#`, so that no server's log and no referrer has it. */
export function linkOf({ id, secret }: NewShare): string {
  return `${location.origin}/shared/${id}#${secret}`
}
