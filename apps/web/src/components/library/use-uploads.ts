'use client'

import { useQueryClient, type QueryClient } from '@tanstack/react-query'
import type { StreamClient } from '@throughline/client'
import { useStreamClient } from '@throughline/react'
import { useSyncExternalStore } from 'react'
import { strings } from '@/text/strings'
import { announce } from '../announcer'
import { useToast } from '../ui/toast'
import { sendFile } from './send-file'
import { createUploads, MAX_UPLOADS, type Upload, type Uploads } from './uploads'
import { LIBRARY_KEY } from './use-library'

type AddToast = ReturnType<typeof useToast>['add']

/** One list for each client, which is one for each page: going to another screen ends no upload. */
const uploadsOf = new WeakMap<StreamClient, Uploads>()

/** Files on their way to the library. */
export function useUploads(): {
  uploads: readonly Upload[]
  add: (files: readonly File[]) => void
  drop: Uploads['drop']
} {
  const client = useStreamClient()
  const queries = useQueryClient()
  const toasts = useToast()
  const held = uploadsOf.get(client) ?? open(client, queries, toasts.add)
  const uploads = useSyncExternalStore(held.subscribe, held.getSnapshot, () => NONE)
  return {
    uploads,
    drop: held.drop,
    add(files) {
      if (held.add(files) > 0) toasts.add({ title: strings.library.tooMany(MAX_UPLOADS) })
    },
  }
}

const NONE: readonly Upload[] = []

function open(client: StreamClient, queries: QueryClient, add: AddToast): Uploads {
  const uploads = createUploads({
    send: sendFile,
    refresh: client.auth.refresh,
    onSent({ duplicate = false }, name) {
      announce(duplicate ? strings.library.duplicate(name) : strings.library.added(name))
      if (duplicate) add({ title: strings.library.duplicate(name) })
      void queries.invalidateQueries({ queryKey: LIBRARY_KEY })
    },
  })
  uploadsOf.set(client, uploads)
  return uploads
}
