'use client'

import { foldAt, type Capture, type InspectionEntry } from '@throughline/client/inspect'
import type { ConversationState } from '@throughline/protocol'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useMemo } from 'react'
import { useInspectorStrings } from '@/text/inspector-strings'
import { Button } from '../ui/button'
import { classNames } from '../ui/class-names'

export interface TimeTravelProps {
  readonly capture: Capture
  /** Those of the session, among the capture's. */
  readonly entries: readonly InspectionEntry[]
  readonly sessionId: string
  readonly chosen: number
  readonly onChoose: (number: number) => void
  readonly wide: boolean
}

/** Characters of an entry or a message that are shown. */
const MAX_SHOWN = 4_000

/** The conversation as it was after any entry, both ways, by the one fold. */
export function TimeTravel({ capture, entries, sessionId, chosen, onChoose, wide }: TimeTravelProps) {
  const text = useInspectorStrings()
  const place = entries.findIndex(({ number }) => number === chosen)
  const entry = entries[place]
  const state = useMemo(() => {
    const index = capture.entries.findIndex(({ number }) => number === chosen)
    return foldAt(capture, index, sessionId)
  }, [capture, chosen, sessionId])
  const go = (to: number) => {
    const target = entries[to]
    if (target !== undefined) onChoose(target.number)
  }
  if (entry === undefined) return null
  return (
    <section
      aria-label={text.travel}
      data-testid="time-travel"
      className={classNames(
        'flex max-h-[55%] min-h-0 shrink-0 flex-col border-t border-line bg-surface',
        wide && 'lg:max-h-none lg:w-1/2 lg:border-s lg:border-t-0',
      )}
    >
      <div className="flex items-center gap-1.5 px-3 pt-2">
        <Button
          variant="ghost"
          icon
          small
          aria-label={text.earlier}
          disabled={place === 0}
          onClick={() => {
            go(place - 1)
          }}
        >
          <ChevronLeft className="size-4 rtl:-scale-x-100" />
        </Button>
        <input
          type="range"
          aria-label={text.travel}
          aria-valuetext={text.step(place + 1, entries.length)}
          min={0}
          max={entries.length - 1}
          value={place}
          onChange={(event) => {
            go(event.target.valueAsNumber)
          }}
          className="min-w-0 flex-1 accent-(--accent)"
        />
        <Button
          variant="ghost"
          icon
          small
          aria-label={text.later}
          disabled={place === entries.length - 1}
          onClick={() => {
            go(place + 1)
          }}
        >
          <ChevronRight className="size-4 rtl:-scale-x-100" />
        </Button>
      </div>
      <p className="px-4 pb-1 text-xs text-faint tabular-nums">{text.step(place + 1, entries.length)}</p>
      <div className="min-h-0 flex-1 space-y-3 overflow-y-auto px-4 pb-3" tabIndex={0}>
        <p className="text-xs text-pretty text-faint">{text.travelHint}</p>
        <Folded state={state} />
        <div>
          <h3 className="section-title">{text.details}</h3>
          <Json value={entry.kind === 'event' ? entry.envelope : entry} />
        </div>
      </div>
    </section>
  )
}

function Folded({ state }: { state: ConversationState }) {
  const text = useInspectorStrings()
  const { messages, runs, position } = state
  const last = messages.at(-1)
  return (
    <div>
      <h3 className="section-title">{text.state}</h3>
      <p className="text-xs text-soft tabular-nums" data-testid="folded">
        {text.messages} {messages.length} · {text.runs} {runs.length} · {text.position}{' '}
        {position === null ? text.none : position.offset}
      </p>
      {last !== undefined && (
        <p
          className="mt-1.5 line-clamp-4 rounded-lg bg-canvas p-2 text-xs whitespace-pre-wrap text-soft"
          dir="auto"
        >
          {last.content === '' ? '…' : last.content.slice(-MAX_SHOWN)}
        </p>
      )}
    </div>
  )
}

function Json({ value }: { value: unknown }) {
  const text = useInspectorStrings()
  const whole = JSON.stringify(value, null, 2)
  return (
    <pre
      dir="ltr"
      className="overflow-x-auto font-mono text-[0.6875rem] leading-snug whitespace-pre-wrap text-soft [overflow-wrap:anywhere]"
    >
      {whole.slice(0, MAX_SHOWN)}
      {whole.length > MAX_SHOWN && `\n${text.tooLong(whole.length - MAX_SHOWN)}`}
    </pre>
  )
}
