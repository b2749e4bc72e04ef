'use client'

import { useQuery } from '@tanstack/react-query'
import { askOpenly } from '@/api/request'

/** How people come to accounts here. */
export interface Ways {
  readonly signUp: 'open' | 'closed'
  /** Whether mail is sent. */
  readonly mail: boolean
}

/** `undefined` until it is known, and where accounts are elsewhere. */
export function useWays(): Ways | undefined {
  return useQuery({
    queryKey: ['ways'],
    staleTime: Infinity,
    retry: 1,
    queryFn: async () => (await askOpenly('/api/auth/ways')) as Ways,
  }).data
}
