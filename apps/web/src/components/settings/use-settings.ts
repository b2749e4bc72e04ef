'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useApi } from '@/api/request'
import type { Preferences, SettingsView } from '../../../server/settings/settings-view'

const KEY = ['settings'] as const

/** What is changed; what is left out stays. A key that is left out stays, `null` removes it. */
export interface SettingsPatch {
  readonly preferences?: Preferences
  readonly provider?: {
    readonly baseUrl: string
    readonly model: string
    readonly key?: string | null
  } | null
}

/** A person's settings, kept by the server. */
export function useSettings() {
  const api = useApi()
  const queries = useQueryClient()
  const { data, error, refetch } = useQuery({
    queryKey: KEY,
    staleTime: Infinity,
    retry: 1,
    queryFn: async () => (await api('/api/settings')) as SettingsView,
  })
  const { mutateAsync } = useMutation({
    mutationFn: async (json: SettingsPatch) =>
      (await api('/api/settings', { method: 'PATCH', json })) as SettingsView,
    onSuccess: (view) => {
      queries.setQueryData(KEY, view)
    },
  })
  return { settings: data, error, change: mutateAsync, reload: () => void refetch() }
}
