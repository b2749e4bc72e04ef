import type { StreamClient } from '@throughline/client'
import type { SessionList, SessionSummary, StreamError } from '@throughline/protocol'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import type { InfiniteData, QueryClient } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import { useStreamClient } from './provider.tsx'

/** Which sessions to list. */
export interface UseSessionsOptions {
  /** Words in the title. */
  readonly search?: string
  /** Default: both those that are and those that are not. */
  readonly archived?: boolean
  /** Default `true`. */
  readonly enabled?: boolean
}

/** The list and what can be done with it. */
export interface SessionsResult {
  /** Newest first; every page fetched so far. */
  readonly sessions: readonly SessionSummary[]
  /** Nothing is known yet. */
  readonly isPending: boolean
  readonly isFetching: boolean
  readonly error: StreamError | null
  readonly hasMore: boolean
  readonly loadMore: () => Promise<void>
  readonly refetch: () => Promise<void>
  readonly createSession: (options?: {
    readonly id?: string
    readonly title?: string
  }) => Promise<SessionSummary>
  /** These three show at once and are taken back when the server refuses. */
  readonly renameSession: (sessionId: string, title: string) => Promise<void>
  readonly archiveSession: (sessionId: string, archived?: boolean) => Promise<void>
  readonly deleteSession: (sessionId: string) => Promise<void>
  /** Undoes `deleteSession` within 10 minutes. */
  readonly restoreSession: (sessionId: string) => Promise<void>
}

/** Under which every list of sessions is kept in the query client. */
export const SESSIONS_KEY = ['throughline', 'sessions'] as const

/** Runs in the background are told by no stream: lists with one are asked for again this often, ms. */
const ACTIVE_REFETCH_MS = 5_000

type Pages = InfiniteData<SessionList, string | undefined>

/** The person's sessions over REST, patched by lifecycle events of the sessions carried, never per token. */
export function useSessions(options: UseSessionsOptions = {}): SessionsResult {
  const { search, archived, enabled = true } = options
  const client = useStreamClient()
  const queryClient = useQueryClient()
  const filter = useMemo(
    () => ({ ...(search ? { search } : {}), ...(archived === undefined ? {} : { archived }) }),
    [search, archived],
  )
  const query = useInfiniteQuery<SessionList, StreamError, Pages, readonly unknown[], string | undefined>({
    queryKey: [...SESSIONS_KEY, filter],
    enabled,
    initialPageParam: undefined,
    queryFn: ({ pageParam, signal }) =>
      client.listSessions({ ...filter, signal, ...(pageParam === undefined ? {} : { before: pageParam }) }),
    getNextPageParam: ({ before }) => before,
    // While other words are searched for, what was found stays; the archive is another list.
    placeholderData: (known, from) => (isAlike(from?.queryKey, filter) ? known : undefined),
    refetchInterval: ({ state }) =>
      sessionsOf(state.data).some(({ active }) => active) ? ACTIVE_REFETCH_MS : false,
  })
  useEffect(() => patchByEvents(client, queryClient), [client, queryClient])
  const commands = useMemo(() => sessionCommands(client, queryClient), [client, queryClient])
  const { data, isPending, isFetching, error, hasNextPage, fetchNextPage, refetch } = query
  const sessions = useMemo(() => sessionsOf(data), [data])
  return {
    sessions,
    isPending,
    isFetching,
    error,
    hasMore: hasNextPage,
    loadMore: () => fetchNextPage().then(nothing),
    refetch: () => refetch().then(nothing),
    ...commands,
  }
}

function nothing(): void {
  // A command's result is in the query.
}

type Commands = Pick<
  SessionsResult,
  'createSession' | 'renameSession' | 'archiveSession' | 'deleteSession' | 'restoreSession'
>

function isAlike(key: readonly unknown[] | undefined, { archived }: UseSessionsOptions): boolean {
  const before = key?.[SESSIONS_KEY.length]
  return typeof before === 'object' && before !== null && Reflect.get(before, 'archived') === archived
}

function sessionCommands(client: StreamClient, queryClient: QueryClient): Commands {
  const refresh = (): Promise<void> => queryClient.invalidateQueries({ queryKey: SESSIONS_KEY })

  /** Shows what the command will do, and asks the server how it is once it has answered, whatever it said. */
  const optimistically = async (
    change: (sessions: readonly SessionSummary[]) => readonly SessionSummary[],
    command: () => Promise<unknown>,
  ): Promise<void> => {
    await queryClient.cancelQueries({ queryKey: SESSIONS_KEY })
    patchLists(queryClient, change)
    try {
      await command()
    } finally {
      await refresh()
    }
  }

  return {
    async createSession(options) {
      const created = await client.createSession(options)
      await refresh()
      return created
    },
    renameSession: (sessionId, title) =>
      optimistically(changed(sessionId, { title }), () => client.renameSession(sessionId, title)),
    archiveSession: (sessionId, archived = true) =>
      optimistically(changed(sessionId, { archived }), () => client.archiveSession(sessionId, archived)),
    deleteSession: (sessionId) =>
      optimistically(
        (sessions) => sessions.filter(({ id }) => id !== sessionId),
        () => client.deleteSession(sessionId),
      ),
    async restoreSession(sessionId) {
      await client.restoreSession(sessionId)
      await refresh()
    },
  }
}

/** Keeps the lists on what the events of carried sessions say. */
function patchByEvents(client: StreamClient, queryClient: QueryClient): () => void {
  const patch = (sessionId: string, timestamp: number, change: Partial<SessionSummary>): void => {
    const lists = queryClient.getQueriesData<Pages>({ queryKey: SESSIONS_KEY })
    const isKnown = lists.some(([, pages]) => sessionsOf(pages).some(({ id }) => id === sessionId))
    if (!isKnown) void queryClient.invalidateQueries({ queryKey: SESSIONS_KEY })
    else patchLists(queryClient, changed(sessionId, { ...change, updatedAt: timestamp }))
  }
  const isActive = (sessionId: string): boolean =>
    client
      .session(sessionId)
      .getSnapshot()
      .conversation.runs.some(({ endedAt }) => endedAt === null)
  const leaves = [
    client.on('session_updated', ({ sessionId, timestamp, data }) => {
      patch(sessionId, timestamp, data)
    }),
    client.on('user_message', ({ sessionId, timestamp }) => {
      // The first message titles its session; the fold knows.
      const { title } = client.session(sessionId).getSnapshot().conversation
      patch(sessionId, timestamp, title === '' ? {} : { title })
    }),
    client.on('run_queued', ({ sessionId, timestamp }) => {
      patch(sessionId, timestamp, { active: true })
    }),
    client.on('run_completed', ({ sessionId, timestamp }) => {
      patch(sessionId, timestamp, { active: isActive(sessionId) })
    }),
    client.on('session_closed', () => {
      void queryClient.invalidateQueries({ queryKey: SESSIONS_KEY })
    }),
  ]
  return () => {
    for (const leave of leaves) leave()
  }
}

function changed(sessionId: string, change: Partial<SessionSummary>) {
  return (sessions: readonly SessionSummary[]): readonly SessionSummary[] =>
    sessions.map((session) => (session.id === sessionId ? { ...session, ...change } : session))
}

function patchLists(
  queryClient: QueryClient,
  change: (sessions: readonly SessionSummary[]) => readonly SessionSummary[],
): void {
  queryClient.setQueriesData<Pages>({ queryKey: SESSIONS_KEY }, (pages) =>
    pages === undefined
      ? undefined
      : { ...pages, pages: pages.pages.map((page) => ({ ...page, sessions: change(page.sessions) })) },
  )
}

/** All pages as one list, the newest first whatever changed since they were fetched. */
function sessionsOf(pages: Pages | undefined): readonly SessionSummary[] {
  const sessions = pages?.pages.flatMap((page) => page.sessions) ?? []
  return sessions.sort((a, b) => b.updatedAt - a.updatedAt)
}
