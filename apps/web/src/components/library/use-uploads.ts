'use client'

import { useQueryClient, type QueryClient } from '@tanstack/react-query'
import type { StreamClient } from '@throughline/client'
import { useStreamClient } from '@throughline/react'
import { useEffect, useSyncExternalStore } from 'react'
import { useLibraryStrings } from '@/text/library-strings'
import { announce } from '../announcer'
import { useToast } from '../ui/toast'
import { sendFile, type Sent } from './send-file'
import { createUploads, MAX_UPLOADS, type Upload, type Uploads } from './uploads'
import { LIBRARY_KEY } from './use-library'

/** One list for each client, which is one for each page: going to another screen ends no upload. */
const uploadsOf = new WeakMap<StreamClient, Opened>()

type Tell = (sent: Sent, name: string) => void

interface Opened {
  readonly uploads: Uploads
  /** Has what became of a file told by the newest screen, in its language. */
  tellBy(tell: Tell): void
}

/** Files on their way to the library. */
export function useUploads(): {
  uploads: readonly Upload[]
  add: (files: readonly File[]) => void
  drop: Uploads['drop']
} {
  const strings = useLibraryStrings()
  const client = useStreamClient()
  const queries = useQueryClient()
  const toasts = useToast()
  const opened = uploadsOf.get(client) ?? open(client, queries)
  const held = opened.uploads
  const uploads = useSyncExternalStore(held.subscribe, held.getSnapshot, () => NONE)
  useEffect(() => {
    opened.tellBy(({ duplicate = false }, name) => {
      const { added, duplicate: known } = strings
      announce(duplicate ? known(name) : added(name))
      if (duplicate) toasts.add({ title: known(name) })
    })
  }, [opened, strings, toasts])
  return {
    uploads,
    drop: held.drop,
    add(files) {
      if (held.add(files) > 0) toasts.add({ title: strings.tooMany(MAX_UPLOADS) })
    },
  }
}

const NONE: readonly Upload[] = []

function open(client: StreamClient, queries: QueryClient): Opened {
  let tell: Tell = () => undefined
  const opened: Opened = {
    tellBy(next) {
      tell = next
    },
    uploads: createUploads({
      send: sendFile,
      refresh: client.auth.refresh,
      onSent(sent, name) {
        tell(sent, name)
        void queries.invalidateQueries({ queryKey: LIBRARY_KEY })
      },
    }),
  }
  uploadsOf.set(client, opened)
  return opened
}
