'use client'

import { useQuery } from '@tanstack/react-query'
import { formatCursor, type Envelope, type Run, type Updates } from '@throughline/protocol'
import { useStreamClient } from '@throughline/react'
import { useEffect, useState } from 'react'
import { useApi, type Api } from '@/api/request'

/** Events of one run that are shown; a run has a few hundred. */
const MAX_EVENTS = 2_000
const PAGE = 1_000

/** What a run wrote, without the text of its answer: from the log, then as it happens. */
export function useRunEvents(
  sessionId: string,
  run: Run,
): { events: readonly Envelope[]; isPending: boolean } {
  const client = useStreamClient()
  const api = useApi()
  const [live, setLive] = useState<readonly Envelope[]>([])
  const { id, offset } = run
  const { data, isPending } = useQuery({
    queryKey: ['run-events', sessionId, id],
    staleTime: 0,
    gcTime: 60_000,
    queryFn: ({ signal }) => {
      const { position } = client.session(sessionId).getSnapshot().conversation
      return position === null
        ? []
        : readRun(api, { sessionId, runId: id, after: { ...position, offset: offset - 1 } }, signal)
    },
  })
  useEffect(() => {
    const session = client.session(sessionId)
    return session.on('*', (event) => {
      if (!belongs(event, id)) return
      setLive((events) => [...events.slice(-MAX_EVENTS), event])
    })
  }, [client, sessionId, id])
  const known = new Set(data?.map((event) => event.id))
  const events = [...(data ?? []), ...live.filter((event) => event.runId === id && !known.has(event.id))]
  return { events: events.slice(-MAX_EVENTS), isPending }
}

interface RunPlace {
  readonly sessionId: string
  readonly runId: string
  readonly after: { readonly epoch: string; readonly offset: number }
}

async function readRun(
  api: Api,
  { sessionId, runId, after }: RunPlace,
  signal: AbortSignal,
): Promise<Envelope[]> {
  const events: Envelope[] = []
  let cursor = formatCursor(after)
  for (;;) {
    const path = `/api/sessions/${encodeURIComponent(sessionId)}/updates?after=${cursor}&limit=${String(PAGE)}`
    const page = (await api(path, { signal })) as Updates
    // Trimmed away: what is left of the run comes with the live events.
    if (page.reset !== undefined) return events
    events.push(...page.events.filter((event) => belongs(event, runId)))
    const ended = page.events.some(({ type, runId: ended }) => type === 'run_completed' && ended === runId)
    if (ended || page.events.length < PAGE || events.length >= MAX_EVENTS) return events
    cursor = page.cursor
  }
}

function belongs(event: Envelope, runId: string): boolean {
  return event.runId === runId && event.type !== 'message_chunk' && event.id !== undefined
}
