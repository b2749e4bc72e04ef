'use client'

import type { SessionSummary } from '@throughline/protocol'
import Link from 'next/link'
import { useRef, useState, type KeyboardEvent } from 'react'
import { useStrings } from '@/text/use-strings'
import { SessionMenu } from '../session-menu'
import { classNames } from '../ui/class-names'

export interface SessionRowProps {
  readonly session: SessionSummary
  readonly current: boolean
  readonly onRename: (title: string) => void
  readonly onArchive: () => void
  readonly onDelete: () => void
}

/** One listed conversation: open it, rename it in place (F2), delete it (Delete). */
export function SessionRow({ session, current, onRename, onArchive, onDelete }: SessionRowProps) {
  const strings = useStrings()
  const [renaming, setRenaming] = useState(false)
  const link = useRef<HTMLAnchorElement>(null)
  const title = session.title === '' ? strings.untitled : session.title
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'F2') setRenaming(true)
    else if (event.key === 'Delete') onDelete()
    else return
    event.preventDefault()
  }
  if (renaming) {
    return (
      <li>
        <TitleInput
          title={session.title}
          onDone={(next) => {
            setRenaming(false)
            if (next !== undefined) onRename(next)
            requestAnimationFrame(() => link.current?.focus())
          }}
        />
      </li>
    )
  }
  return (
    <li
      className={classNames(
        'group flex items-center rounded-lg pe-1 transition-colors',
        current ? 'bg-raised shadow-sm' : 'hover:bg-raised/70',
      )}
    >
      <Link
        ref={link}
        href={`/s/${session.id}`}
        data-session={session.id}
        aria-current={current ? 'page' : undefined}
        onKeyDown={onKeyDown}
        className={classNames(
          'flex min-w-0 flex-1 items-center gap-2 rounded-lg px-2.5 py-1.5 text-sm',
          current ? 'font-medium text-ink' : 'text-soft',
        )}
      >
        {session.active && (
          <span role="img" aria-label={strings.teamAtWork} className="relative flex size-2 shrink-0">
            <span className="absolute inset-0 animate-ping rounded-full bg-accent opacity-60" />
            <span className="size-2 rounded-full bg-accent" />
          </span>
        )}
        <span className="truncate" dir="auto" title={title}>
          {title}
        </span>
      </Link>
      <SessionMenu
        archived={session.archived}
        onRename={() => {
          setRenaming(true)
        }}
        onArchive={onArchive}
        onDelete={onDelete}
      />
    </li>
  )
}

/** @param onDone gets the new title, or `undefined` when it stays as it was */
function TitleInput({ title, onDone }: { title: string; onDone: (title: string | undefined) => void }) {
  const strings = useStrings()
  const [draft, setDraft] = useState(title)
  const done = useRef(false)
  const finish = (keep: boolean) => {
    if (done.current) return
    done.current = true
    const next = draft.trim()
    onDone(keep && next !== '' && next !== title ? next : undefined)
  }
  return (
    <input
      // A menu that closes takes the focus back first.
      ref={(input) => {
        if (input !== null) requestAnimationFrame(() => input.select())
      }}
      aria-label={strings.rename}
      value={draft}
      dir="auto"
      maxLength={200}
      onChange={(event) => {
        setDraft(event.target.value)
      }}
      onBlur={() => {
        finish(true)
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && !event.nativeEvent.isComposing) finish(true)
        if (event.key === 'Escape') {
          event.stopPropagation()
          finish(false)
        }
      }}
      className="h-8 w-full rounded-lg border border-accent bg-raised px-2.5 text-sm outline-none"
    />
  )
}
