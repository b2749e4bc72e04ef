'use client'

import { Search } from 'lucide-react'
import { useInspectorStrings } from '@/text/inspector-strings'
import { classNames } from '../ui/class-names'
import type { EntryFilter } from './entry-look'

const KINDS = ['all', 'event', 'trouble', 'connection'] as const

/** Which entries are listed. */
export function FilterBar({
  filter,
  onChange,
}: {
  filter: EntryFilter
  onChange: (filter: EntryFilter) => void
}) {
  const strings = useInspectorStrings()
  return (
    <div className="space-y-2 border-b border-line px-3 py-2">
      <label className="flex items-center gap-2 rounded-lg border border-line bg-raised px-2.5 focus-within:border-accent">
        <Search aria-hidden className="size-3.5 text-faint" />
        <input
          type="search"
          value={filter.text}
          aria-label={strings.filter}
          placeholder={strings.filter}
          onChange={(event) => {
            onChange({ ...filter, text: event.target.value })
          }}
          className="h-8 min-w-0 flex-1 bg-transparent text-[0.8125rem] outline-none placeholder:text-faint"
        />
      </label>
      <div role="group" aria-label={strings.filter} className="flex gap-1">
        {KINDS.map((kind) => (
          <button
            key={kind}
            type="button"
            aria-pressed={filter.kind === kind}
            onClick={() => {
              onChange({ ...filter, kind })
            }}
            className={classNames(
              'rounded-full px-2.5 py-1 text-xs font-medium',
              filter.kind === kind
                ? 'bg-accent-soft text-accent'
                : 'text-faint hover:bg-surface hover:text-ink',
            )}
          >
            {strings.kinds[kind]}
          </button>
        ))}
      </div>
    </div>
  )
}
