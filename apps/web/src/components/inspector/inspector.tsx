'use client'

import { sessionOf } from '@throughline/client/inspect'
import { useDeferredValue, useMemo, useState } from 'react'
import { useStrings } from '@/text/use-strings'
import { Counts } from './counts'
import { EntryList } from './entry-list'
import { passes, type EntryFilter } from './entry-look'
import { FilterBar } from './filter-bar'
import { Controls } from './controls'
import { TimeTravel } from './time-travel'
import { useFeed } from './use-feed'

/** What happens on the line, what became of it, and what it added up to at any moment. @param sessionId of which; a capture names its own */
export function Inspector({ sessionId }: { sessionId: string }) {
  const strings = useStrings()
  const feed = useFeed()
  const [filter, setFilter] = useState<EntryFilter>({ kind: 'all', text: '' })
  const [chosen, setChosen] = useState<number>()
  const { capture, mode } = feed
  const entries = useDeferredValue(feed.entries)
  const session = mode === 'recorded' ? (sessionIn(entries) ?? sessionId) : sessionId
  const own = useMemo(
    () => entries.filter((entry) => [undefined, session].includes(sessionOf(entry))),
    [entries, session],
  )
  const shown = useMemo(
    () => own.filter((entry) => passes(entry, filter, strings.inspector)),
    [own, filter, strings],
  )
  const choose = (number: number | undefined) => {
    // What is looked at must not move away.
    if (number !== undefined && mode === 'live') feed.pause()
    setChosen(number)
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <Controls
        feed={feed}
        onReset={() => {
          setChosen(undefined)
        }}
      />
      <Counts entries={own} />
      <FilterBar filter={filter} onChange={setFilter} />
      {shown.length === 0 ? (
        <p className="flex-1 p-4 text-sm text-pretty text-faint">
          {own.length === 0 ? strings.inspector.nothing : strings.inspector.noMatch}
        </p>
      ) : (
        <EntryList entries={shown} chosen={chosen} onChoose={choose} follow={mode === 'live'} />
      )}
      {capture !== undefined && chosen !== undefined && (
        <TimeTravel capture={capture} entries={own} sessionId={session} chosen={chosen} onChoose={choose} />
      )}
    </div>
  )
}

/** The session that a capture is about: the first it names. */
function sessionIn(entries: Parameters<typeof EntryList>[0]['entries']): string | undefined {
  return entries.map(sessionOf).find((id) => id !== undefined)
}
