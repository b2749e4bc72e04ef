'use client'

import type { InspectionEntry } from '@throughline/client/inspect'
import { useMemo } from 'react'
import { useInspectorStrings } from '@/text/inspector-strings'
import { useStrings } from '@/text/use-strings'
import { classNames } from '../ui/class-names'
import { countEntries } from './entry-counts'

/** How it goes, in figures. */
export function Counts({ entries }: { entries: readonly InspectionEntry[] }) {
  const strings = useStrings()
  const text = useInspectorStrings().counts
  const counts = useMemo(() => countEntries(entries), [entries])
  const figures = [
    [text.events, counts.events.toLocaleString(strings.locale), false],
    [text.lag, counts.lagMs === null ? '–' : `${String(Math.round(counts.lagMs))} ms`, false],
    [text.lost, String(counts.lost), counts.lost > 0],
    [text.repeated, String(counts.repeated), false],
    [text.resets, String(counts.resets), counts.resets > 0],
    [text.reconnects, String(counts.reconnects), counts.reconnects > 0],
    [text.leaders, String(counts.leaders), false],
  ] as const
  return (
    <dl className="grid grid-cols-4 gap-x-3 gap-y-2 border-b border-line px-4 py-2.5">
      {figures.map(([name, value, alarming]) => (
        <div key={name} className="flex min-w-0 flex-col justify-between">
          <dt className="text-[0.6875rem] leading-tight text-faint hyphens-auto [overflow-wrap:anywhere]">
            {name}
          </dt>
          <dd className={classNames('text-sm font-medium tabular-nums', alarming && 'text-warn')}>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
