'use client'

import { useSessions } from '@throughline/react/query'
import { Archive, ArrowLeft, Library, Search, SquarePen, Waypoints } from 'lucide-react'
import Link from 'next/link'
import { useParams, usePathname } from 'next/navigation'
import { useDeferredValue, useState } from 'react'
import { useStrings } from '@/text/use-strings'
import { AccountMenu } from './account/account-menu'
import { GuestNote } from './account/guest-note'
import { useSessionActions } from './sessions/session-actions'
import { SessionGroups } from './sessions/session-groups'
import { ThemePicker } from './theme-picker'
import { Alert } from './ui/alert'
import { Button } from './ui/button'
import { classNames } from './ui/class-names'
import { Skeleton } from './ui/skeleton'

/** A person's conversations: find, open, rename, archive, delete with undo. */
export function SessionList() {
  const strings = useStrings()
  const [search, setSearch] = useState('')
  const [archived, setArchived] = useState(false)
  const found = useDeferredValue(search.trim())
  const list = useSessions({ archived, ...(found === '' ? {} : { search: found }) })
  const { sessionId: current } = useParams<{ sessionId?: string }>()
  const actions = useSessionActions(list, current)

  return (
    <nav aria-label={strings.sessions} className="flex min-h-0 w-full flex-col">
      <SidebarLinks />
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
      <div className="flex items-center justify-between px-3 pb-1">
        <h2 className="px-2 text-xs font-semibold text-soft">
          {archived ? strings.archivedSessions : strings.sessions}
        </h2>
        <Button
          variant="ghost"
          small
          onClick={() => {
            setArchived(!archived)
          }}
        >
          {archived ? <ArrowLeft className="size-3.5 rtl:-scale-x-100" /> : <Archive className="size-3.5" />}
          {archived ? strings.back : strings.archivedSessions}
        </Button>
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto px-2 pb-2">
        {list.isPending && <Skeleton label={strings.loadingSessions} lines={5} className="p-2" />}
        {list.error !== null && list.sessions.length === 0 && (
          <Alert
            tone="warn"
            action={
              <Button small onClick={() => void list.refetch()}>
                {strings.retry}
              </Button>
            }
          >
            {strings.sessionsFailed}
          </Alert>
        )}
        <SessionGroups sessions={list.sessions} current={current} actions={actions} />
        {!list.isPending && list.error === null && list.sessions.length === 0 && (
          <p className="px-2.5 py-2 text-sm text-pretty text-faint">
            {found === '' ? (archived ? strings.noArchived : strings.noSessions) : strings.noMatch}
          </p>
        )}
        {list.hasMore && (
          <Button variant="ghost" small className="w-full" onClick={() => void list.loadMore()}>
            {strings.showMore}
          </Button>
        )}
      </div>
      <SidebarFoot hasSessions={list.sessions.length > 0} />
    </nav>
  )
}

const LINK = 'flex items-center gap-2.5 rounded-lg px-2.5 py-1.5 text-sm transition-colors'

function SidebarLinks() {
  const strings = useStrings()
  const path = usePathname()
  const link = (href: string, Icon: typeof Library, text: string) => (
    <Link
      href={href}
      aria-current={path === href ? 'page' : undefined}
      className={classNames(
        LINK,
        path === href
          ? 'bg-raised font-medium text-ink shadow-sm'
          : 'text-soft hover:bg-raised/70 hover:text-ink',
      )}
    >
      <Icon aria-hidden className="size-4" /> {text}
    </Link>
  )
  return (
    <div className="px-2 pt-3 pb-3">
      <Link
        href="/"
        className="mb-2 flex items-center gap-2 px-2.5 py-1 text-[0.9375rem] font-semibold tracking-tight"
      >
        <Waypoints aria-hidden className="size-5 text-accent" /> {strings.appName}
      </Link>
      {link('/', SquarePen, strings.newSession)}
      {link('/library', Library, strings.library.title)}
    </div>
  )
}

function SidebarFoot({ hasSessions }: { hasSessions: boolean }) {
  return (
    <>
      {hasSessions && <GuestNote />}
      <div className="flex items-center justify-between gap-2 border-t border-line p-2.5">
        <ThemePicker />
        <AccountMenu />
      </div>
    </>
  )
}
