'use client'

import { useInspectorStrings } from '@/text/inspector-strings'

export interface SessionPickerProps {
  readonly sessions: readonly string[]
  readonly value: string | undefined
  readonly onPick: (sessionId: string) => void
}

/** Which of the conversations in a capture is looked at, where there are several. */
export function SessionPicker({ sessions, value, onPick }: SessionPickerProps) {
  const text = useInspectorStrings()
  if (sessions.length < 2) return null
  return (
    <label className="flex items-center gap-2 border-b border-line px-4 py-2 text-xs text-faint">
      {text.session}
      <select
        value={value}
        dir="ltr"
        onChange={(event) => {
          onPick(event.target.value)
        }}
        className="h-8 min-w-0 flex-1 rounded-lg border border-line bg-raised px-2 font-mono text-ink"
      >
        {sessions.map((id) => (
          <option key={id}>{id}</option>
        ))}
      </select>
    </label>
  )
}
