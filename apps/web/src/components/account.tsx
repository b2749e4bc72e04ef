'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { WhoAmI } from '@throughline/protocol'
import { StreamError } from '@throughline/protocol'
import { useStreamClient } from '@throughline/react'

const KEY = ['account'] as const

export interface Account {
  /** `null`: nobody is signed in; `undefined`: not known yet. */
  readonly user: WhoAmI | null | undefined
  readonly error: Error | null
  signInAsGuest(): Promise<void>
  signOut(): Promise<void>
}

/** Who is signed in, and how to change that. */
export function useAccount(): Account {
  const client = useStreamClient()
  const queries = useQueryClient()
  const { data, error } = useQuery({
    queryKey: KEY,
    staleTime: Infinity,
    retry: 2,
    queryFn: async () => {
      try {
        return await client.auth.me()
      } catch (cause) {
        if (cause instanceof StreamError && cause.code === 'auth_error') return null
        throw cause
      }
    },
  })
  return {
    user: data,
    error,
    signInAsGuest: async () => {
      queries.setQueryData(KEY, await client.auth.guest())
    },
    signOut: client.auth.signOut,
  }
}
