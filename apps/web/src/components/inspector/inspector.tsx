'use client'

import { sessionOf, type InspectionEntry } from '@throughline/client/inspect'
import { useDeferredValue, useMemo, useState } from 'react'
import { useInspectorStrings } from '@/text/inspector-strings'
import { classNames } from '../ui/class-names'
import { Controls } from './controls'
import { Counts } from './counts'
import { EntryList } from './entry-list'
import { passes, type EntryFilter } from './entry-look'
import { FilterBar } from './filter-bar'
import { SessionPicker } from './session-picker'
import { TimeTravel } from './time-travel'
import type { Feed } from './use-feed'

export interface InspectorProps {
  readonly feed: Feed
  /** Of which; a capture names its own. */
  readonly sessionId: string | undefined
  /** Time travel stands beside the entries where there is room. */
  readonly wide?: boolean
}

/** What happens on the line, what became of it, and what it added up to at any moment. */
export function Inspector({ feed, sessionId, wide = false }: InspectorProps) {
  const text = useInspectorStrings()
  const { capture, mode } = feed
  const [filter, setFilter] = useState<EntryFilter>({ kind: 'all', text: '' })
  const [chosen, setChosen] = useState(() => (wide ? capture?.entries.at(-1)?.number : undefined))
  const [picked, setPicked] = useState<string>()
  const entries = useDeferredValue(feed.entries)
  const recorded = useMemo(() => (mode === 'recorded' ? sessionsIn(entries) : []), [entries, mode])
  const session = mode === 'recorded' ? (picked ?? recorded[0] ?? sessionId) : sessionId
  const own = useMemo(
    () => entries.filter((entry) => [undefined, session].includes(sessionOf(entry))),
    [entries, session],
  )
  const shown = useMemo(() => own.filter((entry) => passes(entry, filter, text)), [own, filter, text])
  const choose = (number: number | undefined) => {
    // What is looked at must not move away.
    if (number !== undefined && mode === 'live') feed.pause()
    setChosen(number)
  }
  const reset = () => {
    setChosen(undefined)
    setPicked(undefined)
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <Controls feed={feed} onReset={reset} standalone={sessionId === undefined} />
      <SessionPicker
        sessions={recorded}
        value={session}
        onPick={(id) => {
          setPicked(id)
          setChosen(undefined)
        }}
      />
      <Counts entries={own} />
      <FilterBar filter={filter} onChange={setFilter} />
      <div className={classNames('flex min-h-0 flex-1 flex-col', wide && 'lg:flex-row')}>
        {shown.length === 0 ? (
          <p className="flex-1 p-4 text-sm text-pretty text-faint">
            {own.length === 0 ? text.nothing : text.noMatch}
          </p>
        ) : (
          <EntryList entries={shown} chosen={chosen} onChoose={choose} follow={mode === 'live'} />
        )}
        {capture !== undefined && chosen !== undefined && session !== undefined && (
          <TimeTravel
            capture={capture}
            entries={own}
            sessionId={session}
            chosen={chosen}
            onChoose={choose}
            wide={wide}
          />
        )}
      </div>
    </div>
  )
}

/** The sessions that a capture names, in the order it first does. */
function sessionsIn(entries: readonly InspectionEntry[]): readonly string[] {
  return [...new Set(entries.map(sessionOf).filter((id) => id !== undefined))]
}
