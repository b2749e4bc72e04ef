'use client'

import { useSessions } from '@throughline/react/query'
import type { SessionSummary } from '@throughline/protocol'
import { LogOut, Plus, Search } from 'lucide-react'
import Link from 'next/link'
import { useParams, useRouter } from 'next/navigation'
import { useDeferredValue, useState } from 'react'
import { strings } from '@/text/strings'
import { useAccount } from './account'
import { SessionMenu } from './session-menu'
import { ThemePicker } from './theme-picker'
import { Button } from './ui/button'
import { classNames } from './ui/class-names'
import { useToast } from './ui/toast'

/** A person's conversations: find, open, rename, delete with undo. */
export function SessionList() {
  const [search, setSearch] = useState('')
  const found = useDeferredValue(search.trim())
  const list = useSessions(found === '' ? {} : { search: found })
  const { sessionId: current } = useParams<{ sessionId?: string }>()
  const router = useRouter()
  const toasts = useToast()
  const { signOut } = useAccount()

  const remove = async (session: SessionSummary) => {
    await list.deleteSession(session.id)
    if (session.id === current) router.push('/')
    const toast = toasts.add({
      title: strings.removed,
      actionProps: {
        children: strings.undo,
        onClick: () => {
          toasts.close(toast)
          list.restoreSession(session.id).catch(report)
        },
      },
    })
  }
  const report = () => {
    toasts.add({ title: strings.actionFailed })
  }

  return (
    <nav aria-label={strings.sessions} className="flex min-h-0 w-full flex-col">
      <div className="flex items-center justify-between p-3 pb-2">
        <Link href="/" className="px-1 text-base font-semibold tracking-tight">
          {strings.appName}
        </Link>
        <Link
          href="/"
          aria-label={strings.newSession}
          title={strings.newSession}
          className="grid size-8 place-items-center rounded-lg border border-line bg-raised text-soft hover:text-ink"
        >
          <Plus className="size-4" />
        </Link>
      </div>
      <label className="mx-3 mb-2 flex items-center gap-2 rounded-lg border border-line bg-raised px-2.5 focus-within:border-accent">
        <Search aria-hidden className="size-4 text-faint" />
        <span className="sr-only">{strings.searchSessions}</span>
        <input
          type="search"
          value={search}
          placeholder={strings.searchSessions}
          onChange={(event) => {
            setSearch(event.target.value)
          }}
          className="h-8 min-w-0 flex-1 bg-transparent text-sm outline-none placeholder:text-faint"
        />
      </label>
      <ul className="min-h-0 flex-1 space-y-0.5 overflow-y-auto px-2 pb-2">
        {list.sessions.map((session) => (
          <SessionRow
            key={session.id}
            session={session}
            current={session.id === current}
            onRename={(title) => {
              list.renameSession(session.id, title).catch(report)
            }}
            onDelete={() => {
              remove(session).catch(report)
            }}
          />
        ))}
        {!list.isPending && list.sessions.length === 0 && (
          <li className="px-2.5 py-2 text-sm text-faint">
            {found === '' ? strings.noSessions : strings.noMatch}
          </li>
        )}
        {list.hasMore && (
          <li>
            <Button variant="ghost" small className="w-full" onClick={() => void list.loadMore()}>
              {strings.showMore}
            </Button>
          </li>
        )}
      </ul>
      <div className="flex items-center justify-between border-t border-line p-2.5">
        <ThemePicker />
        <Button variant="ghost" small onClick={() => void signOut().catch(report)}>
          <LogOut className="size-3.5 rtl:-scale-x-100" /> {strings.signOut}
        </Button>
      </div>
    </nav>
  )
}

interface SessionRowProps {
  readonly session: SessionSummary
  readonly current: boolean
  readonly onRename: (title: string) => void
  readonly onDelete: () => void
}

function SessionRow({ session, current, onRename, onDelete }: SessionRowProps) {
  const [draft, setDraft] = useState<string>()
  const title = session.title === '' ? strings.untitled : session.title
  const finish = () => {
    const name = draft?.trim() ?? ''
    setDraft(undefined)
    if (name !== '' && name !== session.title) onRename(name)
  }
  if (draft !== undefined) {
    return (
      <li>
        <input
          autoFocus
          aria-label={strings.rename}
          value={draft}
          maxLength={200}
          onChange={(event) => {
            setDraft(event.target.value)
          }}
          onBlur={finish}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && !event.nativeEvent.isComposing) finish()
            if (event.key === 'Escape') setDraft(undefined)
          }}
          className="h-9 w-full rounded-lg border border-accent bg-raised px-2.5 text-sm outline-none"
        />
      </li>
    )
  }
  return (
    <li
      className={classNames(
        'group flex items-center rounded-lg pe-1',
        current ? 'bg-raised shadow-sm' : 'hover:bg-raised/60',
      )}
    >
      <Link
        href={`/s/${session.id}`}
        aria-current={current ? 'page' : undefined}
        className={classNames(
          'flex min-w-0 flex-1 items-center gap-2 px-2.5 py-2 text-sm',
          current ? 'text-ink' : 'text-soft',
        )}
      >
        {session.active && (
          <span
            role="img"
            aria-label={strings.working}
            className="size-2 shrink-0 animate-pulse rounded-full bg-accent"
          />
        )}
        <span className="truncate" dir="auto">
          {title}
        </span>
      </Link>
      <SessionMenu
        onRename={() => {
          setDraft(session.title)
        }}
        onDelete={onDelete}
      />
    </li>
  )
}
