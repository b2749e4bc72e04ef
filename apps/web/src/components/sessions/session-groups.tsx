'use client'

import type { SessionSummary } from '@throughline/protocol'
import type { KeyboardEvent } from 'react'
import { useStrings } from '@/text/use-strings'
import { toNextLink, useFocusKeeper } from '../focus-keeper'
import { useNow } from '../use-now'
import { byPeriod } from './periods'
import { SessionRow } from './session-row'
import type { SessionActions } from './session-actions'

export interface SessionGroupsProps {
  readonly sessions: readonly SessionSummary[]
  readonly current: string | undefined
  readonly actions: SessionActions
}

/** Sessions under the day they were last used. The arrow keys go from one to the next. */
export function SessionGroups({ sessions, current, actions }: SessionGroupsProps) {
  const strings = useStrings()
  const now = useNow(true, 60_000)
  const { ref, onFocus } = useFocusKeeper(toNextLink)
  // One list: a row that goes to another day with what arrives keeps its keyboard, its open menu and its new name.
  const rows = byPeriod(sessions, now).flatMap(({ period, sessions: group }) => [
    <li key={period} className="pt-3 pb-0.5 first:pt-0">
      <h3 className="px-2.5 pt-1 pb-1 text-xs font-medium text-faint">{strings.periods[period]}</h3>
    </li>,
    ...group.map((session) => (
      <SessionRow
        key={session.id}
        session={session}
        current={session.id === current}
        onRename={(title) => {
          actions.rename(session.id, title)
        }}
        onArchive={() => {
          actions.archive(session)
        }}
        onDelete={() => {
          actions.remove(session)
        }}
      />
    )),
  ])
  return (
    <ul ref={ref} onFocus={onFocus} onKeyDown={moveFocus} className="mb-3 space-y-px empty:hidden">
      {rows}
    </ul>
  )
}

function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  if (!(document.activeElement instanceof HTMLAnchorElement)) return
  const links = [...event.currentTarget.querySelectorAll<HTMLAnchorElement>('a[data-session]')]
  const at = links.indexOf(document.activeElement)
  const target = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 }[event.key]
  if (at < 0 || target === undefined) return
  event.preventDefault()
  links[target]?.focus()
}
