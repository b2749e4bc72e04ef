'use client'

import type { InspectionEntry } from '@throughline/client/inspect'
import { useEffect, useRef, type KeyboardEvent } from 'react'
import { VList, type VListHandle } from 'virtua'
import { regional } from '@/text/language'
import { useInspectorStrings } from '@/text/inspector-strings'
import { useStrings } from '@/text/use-strings'
import { classNames } from '../ui/class-names'
import { entryNote, entryTitle, isTrouble } from './entry-look'

export interface EntryListProps {
  readonly entries: readonly InspectionEntry[]
  /** Number of the entry that is looked at. */
  readonly chosen: number | undefined
  readonly onChoose: (number: number | undefined) => void
  /** The newest stays in sight while the reader is there. */
  readonly follow: boolean
}

const NEAR = 40

/** Thousands of entries, of which those in sight are in the page. The arrow keys step through them. */
export function EntryList({ entries, chosen, onChoose, follow }: EntryListProps) {
  const text = useInspectorStrings()
  const list = useRef<VListHandle>(null)
  const atEnd = useRef(true)
  const place = entries.findIndex(({ number }) => number === chosen)
  useEffect(() => {
    if (follow && atEnd.current) list.current?.scrollToIndex(entries.length - 1, { align: 'end' })
  }, [entries, follow])
  useEffect(() => {
    if (place >= 0) list.current?.scrollToIndex(place, { align: 'nearest' })
  }, [place])
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const target = step === undefined || place < 0 ? undefined : entries[place + step]
    if (target === undefined) return
    event.preventDefault()
    onChoose(target.number)
  }
  return (
    <div role="group" aria-label={text.entries} onKeyDown={onKeyDown} className="min-h-0 flex-1">
      <VList
        ref={list}
        className="h-full"
        onScroll={(offset) => {
          const { scrollSize = 0, viewportSize = 0 } = list.current ?? {}
          atEnd.current = scrollSize - offset - viewportSize < NEAR
        }}
      >
        {entries.map((entry) => (
          <Row
            key={entry.number}
            entry={entry}
            chosen={entry.number === chosen}
            onChoose={() => {
              onChoose(entry.number === chosen ? undefined : entry.number)
            }}
          />
        ))}
      </VList>
    </div>
  )
}

interface RowProps {
  readonly entry: InspectionEntry
  readonly chosen: boolean
  readonly onChoose: () => void
}

function Row({ entry, chosen, onChoose }: RowProps) {
  const strings = useStrings()
  const text = useInspectorStrings()
  const note = entryNote(entry, text)
  const quiet = chosen ? 'text-soft' : 'text-faint'
  return (
    <button
      type="button"
      data-testid="entry"
      aria-pressed={chosen}
      onClick={onChoose}
      className={classNames(
        'grid w-full grid-cols-[3.5rem_1fr_auto] items-baseline gap-x-2 border-b border-line/60 px-3 py-1 text-start text-xs',
        chosen ? 'bg-accent-soft' : 'hover:bg-surface',
      )}
    >
      <span className={classNames('tabular-nums', quiet)}>
        {entry.kind === 'event' ? offsetOf(entry.cursor) : '·'}
      </span>
      <span className="min-w-0 truncate">
        <span
          className={classNames(
            'font-mono',
            isTrouble(entry) ? 'text-warn' : entry.kind === 'connection' ? 'text-accent' : 'text-ink',
          )}
        >
          {entryTitle(entry, text)}
        </span>
        {note !== '' && <span className={classNames('ms-2', quiet)}>{note}</span>}
      </span>
      <span className={classNames('tabular-nums', quiet)}>
        {entry.kind === 'event'
          ? entry.isLive
            ? `${String(entry.lagMs)} ms`
            : '↺'
          : new Date(entry.at).toLocaleTimeString(regional(strings.locale))}
      </span>
    </button>
  )
}

function offsetOf(cursor: string | null): string {
  return cursor === null ? '–' : `#${cursor.slice(cursor.lastIndexOf('-') + 1)}`
}
