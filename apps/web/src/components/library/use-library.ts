'use client'

import { useInfiniteQuery, useQueryClient, type InfiniteData } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useApi } from '@/api/request'
import { isUnderWay, type LibraryDocument, type LibraryPage } from './library-document'

/** Under which every page of the library is kept. */
export const LIBRARY_KEY = ['library'] as const
const PAGE = 50
/** How often the library is asked while something is being indexed. */
const WATCH_MS = 1_000

type Pages = InfiniteData<LibraryPage, string | undefined>

/** The library and what can be done with what is in it. */
export interface LibraryView {
  readonly documents: readonly LibraryDocument[]
  readonly bundled: LibraryPage['bundled'] | undefined
  readonly total: number
  readonly isPending: boolean
  readonly error: Error | null
  readonly hasMore: boolean
  loadMore(): void
  refetch(): void
  /** Ends its indexing. @throws StreamError */
  cancel(id: string): Promise<void>
  /** Takes it and its passages out. @throws StreamError */
  remove(id: string): Promise<void>
}

/** The documents whose name or title holds `search`. */
export function useLibrary(search: string): LibraryView {
  const api = useApi()
  const queries = useQueryClient()
  const query = useInfiniteQuery<LibraryPage, Error, Pages, readonly string[], string | undefined>({
    queryKey: [...LIBRARY_KEY, search],
    initialPageParam: undefined,
    queryFn: async ({ pageParam, signal }) => {
      const asked = new URLSearchParams({ limit: String(PAGE), search, before: pageParam ?? '' })
      for (const name of ['search', 'before']) if (asked.get(name) === '') asked.delete(name)
      return (await api(`/api/library?${asked.toString()}`, { signal })) as LibraryPage
    },
    getNextPageParam: ({ documents }) => (documents.length < PAGE ? undefined : documents.at(-1)?.id),
    retry: 1,
    placeholderData: (before) => before,
    refetchInterval: ({ state }) => (documentsOf(state.data).some(isUnderWay) ? WATCH_MS : false),
  })
  const { data, isPending, error, hasNextPage, fetchNextPage, refetch } = query
  const documents = useMemo(() => documentsOf(data), [data])
  const change = async (path: string, method: 'POST' | 'DELETE'): Promise<void> => {
    try {
      await api(path, { method })
    } finally {
      await queries.invalidateQueries({ queryKey: LIBRARY_KEY })
    }
  }
  return {
    documents,
    bundled: data?.pages[0]?.bundled,
    total: data?.pages[0]?.total ?? 0,
    isPending,
    error,
    hasMore: hasNextPage,
    loadMore: () => void fetchNextPage(),
    refetch: () => void refetch(),
    cancel: (id) => change(`/api/library/documents/${encodeURIComponent(id)}/cancel`, 'POST'),
    remove: (id) => change(`/api/library/documents/${encodeURIComponent(id)}`, 'DELETE'),
  }
}

function documentsOf(pages: Pages | undefined): readonly LibraryDocument[] {
  return pages?.pages.flatMap((page) => page.documents) ?? []
}
