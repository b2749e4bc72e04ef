'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { WhoAmI } from '@throughline/protocol'
import { StreamError } from '@throughline/protocol'
import { useStreamClient } from '@throughline/react'
import { useApi } from '@/api/request'

const KEY = ['account'] as const

export interface SignInRequest {
  readonly email: string
  readonly password: string
  /** What becomes of the conversations of the guest who signs in. */
  readonly guestSessions?: 'move' | 'delete'
}

export interface Account {
  /** `null`: nobody is signed in; `undefined`: not known yet. */
  readonly user: WhoAmI | null | undefined
  readonly error: Error | null
  signInAsGuest(): Promise<void>
  signIn(request: SignInRequest): Promise<void>
  /** Asks for an account, of the guest when there is one, and signs in, unless a mail says how to go on. */
  signUp(request: SignInRequest): Promise<'mailed' | 'signed-in'>
  signOut(): Promise<void>
  signOutEverywhere(): Promise<void>
  changePassword(current: string, next: string): Promise<void>
  /** Deletes the account and everything it owns; guests have no password. */
  deleteAccount(password: string | undefined): Promise<void>
}

/** Who is signed in, and how to change that. */
export function useAccount(): Account {
  const client = useStreamClient()
  const api = useApi()
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

  /** Nothing that was shown to whoever was here before stays. */
  const arrive = async (): Promise<void> => {
    const who = await client.auth.me()
    queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== KEY[0] })
    queries.setQueryData(KEY, who)
  }
  const signIn = async (request: SignInRequest): Promise<void> => {
    await api('/api/auth/sign-in', { method: 'POST', json: request, renew: false })
    await arrive()
  }
  /** The shell opens a new page when the login is gone; here it is for when the server could not be told. */
  const leave = async (): Promise<void> => {
    await client.auth.signOut().catch(() => {
      location.assign('/')
    })
  }

  return {
    user: data,
    error,
    signIn,
    signInAsGuest: async () => {
      queries.setQueryData(KEY, await client.auth.guest())
    },
    signUp: async ({ email, password }) => {
      const json = { email, password, language: document.documentElement.lang }
      // Something is answered only where mail says the rest.
      if ((await api('/api/auth/sign-up', { method: 'POST', json })) !== undefined) return 'mailed'
      await signIn({ email, password })
      return 'signed-in'
    },
    signOut: leave,
    signOutEverywhere: async () => {
      await api('/api/auth/everywhere', { method: 'POST' })
      await leave()
    },
    changePassword: async (current, next) => {
      await api('/api/auth/password', { method: 'POST', json: { current, next } })
    },
    deleteAccount: async (password) => {
      await api('/api/auth/delete', { method: 'POST', json: password === undefined ? {} : { password } })
      await leave()
    },
  }
}
